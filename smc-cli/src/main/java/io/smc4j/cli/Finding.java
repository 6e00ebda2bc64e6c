package io.smc4j.cli;

/**
 * One row of the doctor's answer.
 *
 * @param name what was looked at
 * @param status how it stands
 * @param evidence what was seen
 * @param remedy the command or step that mends it, or null
 */
record Finding(String name, Status status, String evidence, String remedy) {

    /** How it stands. */
    enum Status {
        /** As it should be. */
        OK("ok"),
        /** Missing, and SMC needs it. */
        MISSING("missing"),
        /** Could not be found out from here. */
        CANNOT_TELL("cannot tell"),
        /** Worth knowing; neither good nor bad. */
        NOTE("note");

        private final String text;

        Status(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    static Finding ok(String name, String evidence) {
        return new Finding(name, Status.OK, evidence, null);
    }

    static Finding missing(String name, String evidence, String remedy) {
        return new Finding(name, Status.MISSING, evidence, remedy);
    }

    static Finding cannotTell(String name, String evidence, String remedy) {
        return new Finding(name, Status.CANNOT_TELL, evidence, remedy);
    }

    static Finding note(String name, String evidence, String remedy) {
        return new Finding(name, Status.NOTE, evidence, remedy);
    }
}
