package io.smc4j.examples.netty;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.smc4j.netty.SmcNetty;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;

/**
 * gRPC over SMC: the channel factory and the event loops are all there is to it. 1,000 unary calls and a stream of 1,000 messages each way; at the
 * end the kernel says what both ends of the connection used.
 */
public final class GrpcExample {

    private static final int CALLS = 1_000;
    private static final int MESSAGES = 5;

    private static final MethodDescriptor.Marshaller<String> TEXT = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(String value) {
            return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String parse(InputStream stream) {
            try {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    };
    private static final MethodDescriptor<String, String> SAY = method("Say", MethodType.UNARY);
    private static final MethodDescriptor<String, String> COUNT = method("Count", MethodType.SERVER_STREAMING);

    private GrpcExample() {
    }

    private static MethodDescriptor<String, String> method(String name, MethodType type) {
        return MethodDescriptor.newBuilder(TEXT, TEXT).setType(type)
                .setFullMethodName(MethodDescriptor.generateFullMethodName("Echo", name)).build();
    }

    public static void main(String[] args) throws Exception {
        EventLoopGroup group = SmcNetty.newEventLoopGroup(1);
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .channelFactory(SmcNetty.serverChannels()).bossEventLoopGroup(group).workerEventLoopGroup(group)
                .addService(ServerServiceDefinition.builder("Echo")
                        .addMethod(SAY, ServerCalls.asyncUnaryCall(GrpcExample::say))
                        .addMethod(COUNT, ServerCalls.asyncServerStreamingCall(GrpcExample::count)).build())
                .build().start();
        ManagedChannel channel = NettyChannelBuilder.forAddress(new InetSocketAddress("127.0.0.1", server.getPort()))
                .channelFactory(SmcNetty.clientChannels()).eventLoopGroup(group).usePlaintext().build();
        try {
            int answers = 0;
            for (int i = 0; i < CALLS; i++) {
                if (ClientCalls.blockingUnaryCall(channel, SAY, CallOptions.DEFAULT, "hello " + i).equals("hello " + i)) {
                    answers++;
                }
            }
            System.out.println(answers + " unary calls answered");
            int streamed = 0;
            for (int i = 0; i < CALLS; i++) {
                Iterator<String> numbers = ClientCalls.blockingServerStreamingCall(channel, COUNT, CallOptions.DEFAULT, String.valueOf(MESSAGES));
                int expected = 0;
                while (numbers.hasNext() && Integer.parseInt(numbers.next()) == expected) {
                    expected++;
                }
                if (expected == MESSAGES) {
                    streamed++;
                }
            }
            System.out.println(streamed + " streaming calls answered, " + MESSAGES + " messages in order each");
            KernelPath.print(server.getPort());
        } finally {
            channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
            server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    private static void say(String text, StreamObserver<String> answer) {
        answer.onNext(text);
        answer.onCompleted();
    }

    private static void count(String to, StreamObserver<String> answer) {
        for (int i = 0; i < Integer.parseInt(to); i++) {
            answer.onNext(String.valueOf(i));
        }
        answer.onCompleted();
    }
}
