package org.millwright.serving;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.Vector;

/**
 * Puts a keyed hash in the place of values: the same value has the same hash in this installation, and nobody finds the value
 * by hashing all there are without its key. For one thread at a time.
 */
final class Redaction {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int BYTES = 16;

    private final Mac mac;

    /** @param file with the key; made when it is not there */
    Redaction(Path file) {
        try {
            mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key(file), ALGORITHM));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] key(Path file) throws IOException {
        if (!Files.exists(file)) {
            Files.createDirectories(file.toAbsolutePath().getParent());
            var bytes = new byte[32];
            new SecureRandom().nextBytes(bytes);
            if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            Files.write(file, bytes);
        }
        byte[] key = Files.readAllBytes(file);
        if (key.length != 32) {
            throw new IOException(file + " is no key of 32 bytes");
        }
        return key;
    }

    /** 32 hex digits for each value; a missing one stays missing. */
    Vector.Strings hash(Vector values) {
        var hashes = new @Nullable String[values.size()];
        for (int row = 0; row < hashes.length; row++) {
            if (!values.isNull(row)) {
                byte[] text = String.valueOf(values.value(row)).getBytes(StandardCharsets.UTF_8);
                hashes[row] = HexFormat.of().formatHex(mac.doFinal(text), 0, BYTES);
            }
        }
        return new Vector.Strings(hashes);
    }
}
