package org.millwright.trace;

import java.lang.ScopedValue.CallableOp;

/** A stretch of work that is timed, part of a trace. It ends when it is closed; what is put into it after that is lost. */
public interface Span extends AutoCloseable {
    /** No span: what is begun under it is none either. */
    Span NONE = new None();

    /** The span that the work of this thread is part of, or {@link #NONE}. */
    static Span current() {
        return Current.SPAN.orElse(NONE);
    }

    /** What a span stands for to those who read traces. */
    enum Kind {
        /** Work in this process. */
        INTERNAL,
        /** A call of another process. */
        CLIENT
    }

    /** Begins a part of it. */
    Span child(String name, Kind kind);

    /** Gives it another name, for what is known only at the end. */
    void name(String name);

    Span put(String key, String value);

    Span put(String key, long value);

    /** It did not end well. */
    void fail(String why);

    /** The span in W3C's form, for another process; "" when there is none. */
    String traceparent();

    @Override
    void close();

    /**
     * Does work as part of this span and closes it. Of what the work throws only the kind is put in: a message may hold values
     * of somebody's rows.
     */
    default <T, X extends Throwable> T around(CallableOp<T, X> work) throws X {
        try (this) {
            return ScopedValue.where(Current.SPAN, this).call(() -> {
                try {
                    return work.call();
                } catch (Throwable e) {
                    put("error.type", e.getClass().getName());
                    fail(e.getClass().getSimpleName());
                    throw e;
                }
            });
        }
    }

    /** See {@link #NONE}. */
    record None() implements Span {
        @Override
        public Span child(String name, Kind kind) {
            return this;
        }

        @Override
        public void name(String name) {}

        @Override
        public Span put(String key, String value) {
            return this;
        }

        @Override
        public Span put(String key, long value) {
            return this;
        }

        @Override
        public void fail(String why) {}

        @Override
        public String traceparent() {
            return "";
        }

        @Override
        public void close() {}

        @Override
        public <T, X extends Throwable> T around(CallableOp<T, X> work) throws X {
            return work.call();
        }
    }
}
