package org.millwright.project;

import java.util.Locale;
import org.millwright.kernel.Problem;

/** What a deployment does when the version in production must not answer any more. */
public sealed interface OnStop {
    /** The version before answers; where there is none, nobody does. */
    record Previous() implements OnStop {}

    /** Every row gets this value, and the answer says so. */
    record Constant(double value) implements OnStop {
        public Constant {
            if (!Double.isFinite(value)) {
                throw new Problem.Invalid("on-stop: constant " + value + " (expected: a finite number)");
            }
        }
    }

    /** Requests are refused, with the reason. */
    record Refuse() implements OnStop {}

    /** It goes on answering; people are told. */
    record AlertOnly() implements OnStop {}

    /** Reads {@code previous}, {@code refuse} or {@code alert}; IllegalArgumentException for anything else. */
    static OnStop of(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "previous" -> new Previous();
            case "refuse" -> new Refuse();
            case "alert" -> new AlertOnly();
            default -> throw new IllegalArgumentException(text);
        };
    }
}
