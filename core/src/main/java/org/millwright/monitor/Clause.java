package org.millwright.monitor;

import java.util.List;
import java.util.Locale;

/** What an alert is about: what an agreement promises of each window, or the end of a certificate. */
public enum Clause {
    PERFORMANCE,
    DRIFT,
    /** The certificate of a version that serves ends soon, or has ended. */
    CERTIFICATE;

    /** What can be agreed on and is judged in windows. */
    static final List<Clause> AGREED = List.of(PERFORMANCE, DRIFT);

    /** The name in files and JSON. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Clause of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
