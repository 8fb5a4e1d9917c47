package org.millwright.web.mlflow;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.millwright.kernel.Problem;
import org.millwright.tracking.ArtifactPath;

/** Percent-decoding of artifact paths, strict about what comes out. */
final class UriText {
    private static final int MAX_DEPTH = 10;

    private UriText() {}

    /** The path that a URL's raw part means; refused when any further decoding would leave the tree. */
    static String path(String raw) {
        return safe(decoded(raw).orElseThrow(UriText::invalid));
    }

    /** The decoded path as it is, refused when it or any further decoding of it is more than names. */
    static String safe(String path) {
        String plain = path;
        for (int depth = 0; depth < MAX_DEPTH; depth++) {
            ArtifactPath.of(plain);
            Optional<String> next = plain.indexOf('%') < 0 ? Optional.empty() : decoded(plain);
            if (next.isEmpty() || next.get().equals(plain)) {
                return path;
            }
            plain = next.get();
        }
        throw invalid();
    }

    /** The text with escapes decoded; empty when an escape is malformed, refused when the result is not UTF-8. */
    static Optional<String> decoded(String text) {
        var bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); ) {
            char c = text.charAt(i);
            if (c == '%') {
                int value = i + 2 < text.length() ? hex(text.charAt(i + 1)) * 16 + hex(text.charAt(i + 2)) : -1;
                if (value < 0) {
                    return Optional.empty();
                }
                bytes.write(value);
                i += 3;
            } else {
                int point = text.codePointAt(i);
                bytes.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
                i += Character.charCount(point);
            }
        }
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString());
        } catch (CharacterCodingException e) {
            throw invalid();
        }
    }

    private static int hex(char c) {
        int digit = c < 128 ? Character.digit(c, 16) : -1;
        return digit < 0 ? -10_000 : digit;
    }

    private static Problem.Invalid invalid() {
        return new Problem.Invalid("Invalid path");
    }
}
