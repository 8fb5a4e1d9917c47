package org.millwright.reproduction;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One attempt to make a model version again.
 *
 * @param subject the version, such as {@code model:flight-delays/3}
 * @param verdict once there is one
 * @param reason the verdict in one sentence; of an attempt without a verdict why there is none
 * @param askedBy id of who asked for it
 * @param occasion what it is done for
 * @param askedAt milliseconds since the epoch, as the other times
 * @param starts how often it was begun: a stop of the server begins it anew
 * @param runs MLflow runs that its steps logged to, removed when it ends
 * @param report hex SHA-256 of the full comparison among the artifacts
 */
public record Reproduction(
        String id,
        String subject,
        String project,
        State state,
        Optional<Verdict> verdict,
        Cause cause,
        String reason,
        String askedBy,
        Occasion occasion,
        long askedAt,
        Optional<Long> startedAt,
        Optional<Long> endedAt,
        int starts,
        List<String> runs,
        Optional<String> report) {
    /** What it is done for. */
    public enum Occasion {
        ASKED,
        CALENDAR,
        /** A certificate was issued, and nobody had made the version again. */
        CERTIFICATE;

        /** Whether the server does it by itself, when nobody else needs the machine. */
        public boolean isByItself() {
            return this != ASKED;
        }

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How far it is. */
    public enum State {
        WAITING,
        RUNNING,
        /** There is a verdict. */
        DONE,
        /** It ended without a verdict: the index could not be asked, its time was over, or the server failed. */
        FAILED,
        CANCELLED;

        public boolean ended() {
            return this != WAITING && this != RUNNING;
        }

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Reproduction {
        runs = List.copyOf(runs);
    }

    public String ref() {
        return "reproduction:" + id;
    }

    String model() {
        return subject.substring("model:".length(), subject.lastIndexOf('/'));
    }

    long version() {
        return Long.parseLong(subject.substring(subject.lastIndexOf('/') + 1));
    }

    Reproduction ended(
            State how,
            Optional<Verdict> found,
            Cause likely,
            String why,
            Optional<String> compared,
            List<String> logged,
            long at) {
        return new Reproduction(
                id,
                subject,
                project,
                how,
                found,
                likely,
                why,
                askedBy,
                occasion,
                askedAt,
                startedAt,
                Optional.of(at),
                starts,
                logged,
                compared);
    }

    static String subject(String model, long version) {
        return "model:" + model + "/" + version;
    }
}
