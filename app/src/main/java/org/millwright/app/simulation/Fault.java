package org.millwright.app.simulation;

import java.time.Duration;
import java.util.Optional;

/** Something that goes wrong in a simulation, from one event time on. {@link #text} is how it was written. */
public sealed interface Fault {
    String text();

    Stretch when();

    /** The model's input that is touched; empty when none is. */
    default Optional<String> column() {
        return Optional.empty();
    }

    /** Whether outcomes change, so that the world is another one and not only what is told of it. */
    default boolean movesOutcomes() {
        return false;
    }

    /** {@code drift} or {@code unit}: the numbers of an input change. */
    record Shifted(String text, String name, Change change, Stretch when) implements Fault {
        @Override
        public Optional<String> column() {
            return Optional.of(name);
        }
    }

    /** What a broken upstream gives instead of values. */
    enum Instead {
        NULL,
        CONSTANT,
        /** The column is not sent at all. */
        ABSENT
    }

    /** {@code broken}: an input has no values any more, or always the same one. */
    record Broken(String text, String name, Instead instead, String constant, Stretch when) implements Fault {
        @Override
        public Optional<String> column() {
            return Optional.of(name);
        }
    }

    /** Rows whose column has this value. */
    record Segment(String column, String value) {
        boolean holds(Row row) {
            return value.equals(String.valueOf(row.value(column)));
        }
    }

    /** {@code bias} (with a segment) or {@code concept}: the outcome becomes another one. */
    record Moved(String text, Optional<Segment> segment, Change change, Stretch when) implements Fault {
        @Override
        public Optional<String> column() {
            return segment.map(Segment::column);
        }

        @Override
        public boolean movesOutcomes() {
            return true;
        }
    }

    /** {@code labels-stop}: outcomes that would become known in the stretch never do. */
    record Unlabelled(String text, Stretch when) implements Fault {}

    /** {@code duplicate}: a share of the requests is sent twice. */
    record Twice(String text, double share, Stretch when) implements Fault {}

    /** {@code late}: requests arrive so much later than the time that they are for. */
    record Late(String text, Duration by, Stretch when) implements Fault {}
}
