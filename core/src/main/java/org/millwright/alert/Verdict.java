package org.millwright.alert;

import java.util.Locale;

/** What a closed window says of a clause. */
public enum Verdict {
    KEPT,
    /** Kept, but so close to the limit that chance may hide a breach. */
    AT_RISK,
    BROKEN,
    /** Too little was seen to say anything; never counts as kept. */
    INSUFFICIENT;

    /** The name in JSON: {@code at-risk}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
