package io.smc4j.cli.bench;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smc4j.Fuzz;
import io.smc4j.cli.Damage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.lifecycle.AddLifecycleHook;

/** Answers of a server, damaged, in pieces: they are the echo, or one line says what they are. */
@AddLifecycleHook(Fuzz.class)
@PropertyDefaults(tries = Integer.MAX_VALUE)
class AnswerFuzzTest {

    private static final int PAYLOAD = 16;

    @Property
    void anAnswerIsTheEchoOrIsNamed(@ForAll long seed) {
        Random random = new Random(seed);
        Exchange e = (random.nextBoolean() ? Protocol.HTTP : Protocol.RAW).exchange(PAYLOAD, "h", "/");
        e.next();
        byte[] request = new byte[e.out.limit()];
        e.out.duplicate().get(request);
        byte[] body = Arrays.copyOfRange(request, request.length - PAYLOAD, request.length);
        String head = e instanceof HttpExchange ? "HTTP/1.1 200 OK\r\nContent-Length: " + PAYLOAD + "\r\n\r\n" : "";
        String answer = head + new String(body, StandardCharsets.ISO_8859_1);
        byte[] bytes = (random.nextInt(4) == 0 ? answer : Damage.to(answer, seed)).getBytes(StandardCharsets.ISO_8859_1);
        try {
            boolean complete = false;
            for (int at = 0; at < bytes.length && !complete && e.in.hasRemaining();) {
                int n = Math.min(Math.min(e.in.remaining(), bytes.length - at), 1 + random.nextInt(20));
                e.in.put(bytes, at, n);
                at += n;
                complete = e.complete();
            }
            if (complete) {
                int end = e.in.position();
                assertTrue(e.echoes(end - PAYLOAD, PAYLOAD), "taken for the echo");
            }
            assertTrue(complete || !Arrays.equals(bytes, answer.getBytes(StandardCharsets.ISO_8859_1)), "not taken for the echo");
        } catch (IOException said) {
            assertFalse(said.getMessage().chars().anyMatch(Character::isISOControl), said::getMessage);
        }
    }
}
