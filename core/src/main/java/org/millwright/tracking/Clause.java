package org.millwright.tracking;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One comparison of a search filter, such as {@code metrics.rmse < 12}. */
public record Clause(Entity entity, String key, Op op, Literal literal) {
    /** What a key is looked up in. */
    public enum Entity {
        ATTRIBUTE,
        METRIC,
        PARAMETER,
        TAG,
        DATASET;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How a value is compared. */
    public enum Op {
        EQ("="),
        NE("!="),
        LT("<"),
        LE("<="),
        GT(">"),
        GE(">="),
        LIKE("LIKE"),
        ILIKE("ILIKE"),
        IN("IN"),
        NOT_IN("NOT IN"),
        IS_NULL("IS NULL"),
        IS_NOT_NULL("IS NOT NULL");

        private final String text;

        Op(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }

        static Optional<Op> of(String text) {
            return Arrays.stream(values()).filter(op -> op.text.equals(text)).findFirst();
        }
    }

    /** What a value is compared with. */
    public sealed interface Literal {
        /** A quoted string. */
        record Text(String value) implements Literal {}

        /** A number. */
        record Num(double value) implements Literal {}

        /** A list of quoted strings. */
        record Texts(List<String> values) implements Literal {
            public Texts {
                values = List.copyOf(values);
            }
        }

        /** Nothing, for IS NULL and IS NOT NULL. */
        record None() implements Literal {}
    }

    /** The string compared with; for clauses whose grammar allows nothing else. */
    public String text() {
        return literal instanceof Literal.Text(String value) ? value : "";
    }
}
