package io.smc4j.cli.bench;

/** Told how a run goes, by one thread. */
public interface Progress {

    /**
     * Something is measured.
     *
     * @param side of what
     * @param round from 1
     * @param rounds of how many
     * @param seconds since the round's begin
     * @param ofSeconds of how many
     * @param point the last stretch
     */
    void tick(Side side, int round, int rounds, double seconds, double ofSeconds, Point point);

    /** A round is over. */
    void done(Side side, int rounds, Round round);
}
