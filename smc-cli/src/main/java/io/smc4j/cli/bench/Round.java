package io.smc4j.cli.bench;

import java.util.List;

/**
 * What one round of one side measured.
 *
 * @param number from 1
 * @param startSeconds its begin, since the first round's
 * @param seconds how long, to the last answer
 * @param answers how many came
 * @param qps answers each second
 * @param latency since each request was due (open loop) or sent (closed loop), nanoseconds
 * @param service since each request was sent, nanoseconds
 * @param unsent requests that were due and never sent, as their connections still waited for answers
 * @param unanswered requests without an answer; each counts as a latency of its age
 * @param generatorBusy the part of the time that the busiest thread of the load generator did not wait, 0 to 1
 * @param modes what the kernel said of the connections
 * @param timeline the round in stretches
 */
public record Round(int number, double startSeconds, double seconds, long answers, double qps, Latency latency, Latency service, long unsent, long unanswered,
        double generatorBusy, Modes modes, List<Point> timeline) {

    /** Copies the list. */
    public Round {
        timeline = List.copyOf(timeline);
    }
}
