package org.millwright.trace;

/** Begins spans. Where an operator names no collector this is {@link #OFF}, which does nothing. */
public interface Tracing extends AutoCloseable {
    /** Records nothing and sends nothing to anybody. */
    Tracing OFF = new Off();

    /** Whether any span may be recorded. */
    boolean isOn();

    /**
     * Begins the span of a request from outside.
     *
     * @param traceparent the caller's span in W3C's form; "" or a malformed one begins a trace
     * @param tracestate W3C's header of that name, "" when there is none
     */
    Span request(String name, String traceparent, String tracestate);

    /**
     * The span of something that outlives a process: the same key means the same trace and span, so that parts which other
     * processes worked on meet in one trace. It is sent when it is closed, which its parts need not wait for.
     *
     * @param start milliseconds since the epoch
     */
    Span lasting(String key, String name, long start);

    @Override
    void close();

    /** See {@link #OFF}. */
    record Off() implements Tracing {
        @Override
        public boolean isOn() {
            return false;
        }

        @Override
        public Span request(String name, String traceparent, String tracestate) {
            return Span.NONE;
        }

        @Override
        public Span lasting(String key, String name, long start) {
            return Span.NONE;
        }

        @Override
        public void close() {}
    }
}
