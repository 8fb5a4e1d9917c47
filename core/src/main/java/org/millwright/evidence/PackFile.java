package org.millwright.evidence;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.millwright.kernel.Json;

/**
 * A file of a pack.
 *
 * @param name path inside
 * @param sha256 hex, known before the first byte is written
 */
record PackFile(String name, String sha256, long size, Source source) {
    /** Where its bytes come from, each time anew. */
    interface Source {
        InputStream open() throws IOException;
    }

    static PackFile of(String name, String text) {
        return of(name, text.getBytes(StandardCharsets.UTF_8));
    }

    static PackFile of(String name, byte[] bytes) {
        return new PackFile(name, Json.sha256(bytes), bytes.length, () -> new ByteArrayInputStream(bytes));
    }

    /** A file on disk whose digest was verified when it was opened. */
    static PackFile of(String name, Path file, String sha256) throws IOException {
        return new PackFile(name, sha256, Files.size(file), () -> Files.newInputStream(file));
    }
}
