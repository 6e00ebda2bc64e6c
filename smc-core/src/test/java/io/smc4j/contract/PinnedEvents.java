package io.smc4j.contract;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/**
 * What the flight recorder says of virtual threads that pinned their carrier, from {@link #start} to {@link #stop}. No other event is recorded: the recorder's own writer pins
 * for as long as it writes one.
 */
final class PinnedEvents implements AutoCloseable {

    private static final String PINNED = "jdk.VirtualThreadPinned";
    /** Our code but for tests, and the JDK's sockets. */
    private static final Pattern OURS = Pattern.compile("io\\.smc4j\\.(?!contract\\.).*|sun\\.nio\\.ch\\..*|java\\.net\\..*|java\\.nio\\.channels\\..*");

    private final Recording recording = new Recording();

    static PinnedEvents start() {
        PinnedEvents events = new PinnedEvents();
        for (EventType type : FlightRecorder.getFlightRecorder().getEventTypes()) {
            events.recording.disable(type.getName());
        }
        events.recording.enable(PINNED).withThreshold(Duration.ZERO).withStackTrace();
        events.recording.start();
        return events;
    }

    /** The events whose stack has a frame of ours or of the JDK's sockets, or no frame at all; others are printed. */
    List<RecordedEvent> stop(Path directory) throws IOException {
        recording.stop();
        Path file = Files.createTempFile(directory, "pinned", ".jfr");
        recording.dump(file);
        List<RecordedEvent> all = Files.size(file) == 0 ? List.of()
                : RecordingFile.readAllEvents(file).stream().filter(e -> e.getEventType().getName().equals(PINNED)).toList();
        all.stream().filter(e -> !counts(e)).forEach(e -> System.out.println("neither ours nor a socket's: " + e));
        return all.stream().filter(PinnedEvents::counts).toList();
    }

    private static boolean counts(RecordedEvent event) {
        return event.getStackTrace() == null || event.getStackTrace().getFrames().isEmpty() || event.getStackTrace().isTruncated()
                || event.getStackTrace().getFrames().stream().anyMatch(PinnedEvents::isOurs);
    }

    private static boolean isOurs(RecordedFrame frame) {
        return OURS.matcher(frame.getMethod().getType().getName()).matches();
    }

    @Override
    public void close() {
        recording.close();
    }
}
