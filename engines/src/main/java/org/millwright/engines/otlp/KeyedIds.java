package org.millwright.engines.otlp;

import io.opentelemetry.sdk.trace.IdGenerator;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Random ids, and for spans that other processes must know as well those that a key gives. */
final class KeyedIds implements IdGenerator {
    private static final ScopedValue<Pair> GIVEN = ScopedValue.newInstance();

    private final IdGenerator random = IdGenerator.random();

    /** A trace and a span of it, in hexadecimal digits. */
    record Pair(String trace, String span) {
        /** Begins the next span of this thread's work with these ids. */
        <T> T around(java.util.function.Supplier<T> work) {
            return ScopedValue.where(GIVEN, this).call(work::get);
        }
    }

    /** Always the same for the same key. */
    static Pair of(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            HexFormat hex = HexFormat.of();
            return new Pair(hex.formatHex(digest, 0, 16), hex.formatHex(digest, 16, 24));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-256", e);
        }
    }

    @Override
    public String generateTraceId() {
        return GIVEN.isBound() ? GIVEN.get().trace() : random.generateTraceId();
    }

    @Override
    public String generateSpanId() {
        return GIVEN.isBound() ? GIVEN.get().span() : random.generateSpanId();
    }
}
