package org.millwright.anchor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millwright.egress.Destinations;
import org.millwright.egress.HttpPost;
import org.millwright.egress.Signature;
import org.millwright.kernel.Json;
import org.millwright.ledger.SignedNote;

/** A web server to which each checkpoint is posted, signed as Standard Webhooks say; nothing is read back from there. */
final class WebPlace implements Place {
    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    private final String url;
    private final Destinations destinations;
    private final Path secretFile;
    private final Clock clock;

    WebPlace(String url, Destinations destinations, Path secretFile, Clock clock) {
        this.url = url;
        this.destinations = destinations;
        this.secretFile = secretFile;
        this.clock = clock;
        destinations.requireUrl(url);
    }

    @Override
    public String name() {
        return url;
    }

    @Override
    public Optional<Receipt> keep(SignedNote note) throws IOException {
        URI target = destinations.requireUrl(url);
        String body = Json.write(Json.object()
                .put("type", "ledger.checkpoint")
                .put("origin", note.origin())
                .put("size", note.size())
                .put("root", note.root())
                .put("note", note.text()));
        String id = "checkpoint-" + note.origin() + "-" + note.size();
        long seconds = clock.instant().getEpochSecond();
        HttpPost.Answer answer = HttpPost.send(
                target,
                destinations.address(target),
                Map.of(
                        "webhook-id",
                        id,
                        "webhook-timestamp",
                        Long.toString(seconds),
                        "webhook-signature",
                        Signature.of(secret(secretFile), id, seconds, body)),
                body.getBytes(StandardCharsets.UTF_8),
                TIMEOUT);
        if (answer.status() < 200 || answer.status() >= 300) {
            throw new IOException(target.getHost() + " answered " + answer.status());
        }
        return Optional.empty();
    }

    @Override
    public Optional<List<SignedNote>> kept() {
        return Optional.empty();
    }

    /** The key of the signatures, as {@code whsec_} and base64 in a file; made when it is missing. */
    private static byte[] secret(Path file) {
        try {
            if (!Files.exists(file)) {
                Files.createDirectories(file.toAbsolutePath().getParent());
                var bytes = new byte[32];
                new SecureRandom().nextBytes(bytes);
                if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                    Files.createFile(
                            file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                }
                Files.writeString(
                        file,
                        "whsec_" + Base64.getEncoder().encodeToString(bytes) + "\n",
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
            }
            String text = Files.readString(file).strip();
            return Base64.getDecoder().decode(text.replaceFirst("^whsec_", ""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
