package org.millwright.trace;

/** The span that a thread's work is part of. */
final class Current {
    static final ScopedValue<Span> SPAN = ScopedValue.newInstance();

    private Current() {}
}
