package org.millwright.evidence;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * An evidence pack, ready to be written: the same records give the same bytes, but for proofs, checkpoint and the entry about
 * the pack, which change as the log grows.
 */
public final class Pack {
    static final String INDEX = "index.json";
    static final String LEDGER = "ledger/";
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    private final String name;
    private final String index;
    private final List<PackFile> files;

    Pack(String name, String index, List<PackFile> files) {
        this.name = name;
        this.index = index;
        this.files = List.copyOf(files);
    }

    /** A name for the file. */
    public String name() {
        return name;
    }

    /**
     * Hex SHA-256 of {@code index.json}, which lists the digest of every other file; the log's entry about the pack holds it.
     */
    public String index() {
        return index;
    }

    /** Writes the zip; a file that changed since it was digested ends it. */
    public void write(OutputStream out) throws IOException {
        var zip = new ZipOutputStream(out);
        for (PackFile file : files) {
            var entry = new ZipEntry(file.name());
            entry.setTimeLocal(TIME);
            zip.putNextEntry(entry);
            copy(file, zip);
            zip.closeEntry();
        }
        zip.finish();
    }

    private static void copy(PackFile file, OutputStream out) throws IOException {
        MessageDigest digest = sha256();
        try (InputStream in = new DigestInputStream(file.source().open(), digest)) {
            in.transferTo(out);
        }
        if (!HexFormat.of().formatHex(digest.digest()).equals(file.sha256())) {
            throw new IOException(file.name() + " changed while the pack was being written");
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-256", e);
        }
    }
}
