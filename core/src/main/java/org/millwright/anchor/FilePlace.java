package org.millwright.anchor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.millwright.kernel.Problem;
import org.millwright.ledger.SignedNote;

/** A file to which each checkpoint is appended, such as one on a disk that can only be written once. */
record FilePlace(Path file) implements Place {
    static final long LARGEST = 64L * 1024 * 1024;

    static FilePlace open(Path file) {
        Path folder = file.getParent();
        if (folder == null || !Files.isDirectory(folder) || Files.isDirectory(file)) {
            throw new Problem.Invalid(
                    "--anchor: " + file + " is no file in a folder that is there", "Make the folder, or name another.");
        }
        return new FilePlace(file);
    }

    @Override
    public String name() {
        return "file:" + file;
    }

    @Override
    public Optional<Receipt> keep(SignedNote note) throws IOException {
        append(file, note);
        return Optional.empty();
    }

    /** Appends durably; an empty line before it keeps it apart from what was cut off. */
    static void append(Path file, SignedNote note) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            String before = channel.size() == 0 ? "" : "\n";
            ByteBuffer text = ByteBuffer.wrap((before + note.text()).getBytes(StandardCharsets.UTF_8));
            while (text.hasRemaining()) {
                channel.write(text);
            }
            channel.force(true);
        }
    }

    @Override
    public Optional<List<SignedNote>> kept() throws IOException {
        if (!Files.exists(file)) {
            return Optional.of(List.of());
        }
        if (Files.size(file) > LARGEST) {
            throw new IOException(file + " is larger than " + LARGEST + " bytes: begin a new file");
        }
        return Optional.of(SignedNote.all(Files.readString(file)));
    }
}
