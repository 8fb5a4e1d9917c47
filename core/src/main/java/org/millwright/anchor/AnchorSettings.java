package org.millwright.anchor;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.millwright.egress.Destinations;
import org.millwright.kernel.Problem;
import org.millwright.scoring.sigstore.TrustRoot;
import org.millwright.sigstore.Service;

/**
 * Where checkpoints of the ledger are anchored, as the operator says at the start.
 *
 * @param places {@code file:PATH}, {@code git:FOLDER}, {@code rekor:ADDRESS} or an address of a web server
 * @param every how often, when something was appended since
 * @param destinations which addresses may be posted to
 * @param trustRoot file with the keys of transparency logs
 * @param timeout for a request to such a log and its answer together
 */
public record AnchorSettings(
        List<String> places, Duration every, Destinations destinations, Optional<Path> trustRoot, Duration timeout) {
    private static final int MOST = 16;
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    public static final Duration USUAL = Duration.ofHours(1);
    public static final AnchorSettings NONE = new AnchorSettings(List.of(), USUAL, Destinations.PUBLIC);

    public AnchorSettings {
        places = List.copyOf(places);
        if (places.size() > MOST) {
            throw new Problem.Invalid("--anchor is given " + places.size() + " times (expected: at most " + MOST + ")");
        }
        if (every.compareTo(SHORTEST) < 0) {
            throw new Problem.Invalid("--anchor-every: " + every + " (expected: at least 1s)");
        }
    }

    /** Without transparency logs. */
    public AnchorSettings(List<String> places, Duration every, Destinations destinations) {
        this(places, every, destinations, Optional.empty(), Service.USUAL);
    }

    /** The same with a file that holds the keys of transparency logs. */
    public AnchorSettings with(Optional<Path> root) {
        return new AnchorSettings(places, every, destinations, root, timeout);
    }

    /** Opens the places; refuses what cannot be one. */
    List<Place> open(Path secretFile, Clock clock) {
        var open = new ArrayList<Place>();
        for (String place : places) {
            if (place.startsWith("https://") || place.startsWith("http://")) {
                open.add(new WebPlace(place, destinations, secretFile, clock));
            } else if (place.startsWith("git:")) {
                open.add(GitPlace.open(path(place, "git:")));
            } else if (place.startsWith("file:")) {
                open.add(FilePlace.open(path(place, "file:")));
            } else if (place.startsWith(RekorPlace.PREFIX)) {
                open.add(new RekorPlace(place, this, root(place), secretFile.resolveSibling("anchors-signing.key")));
            } else {
                throw unknown(place);
            }
        }
        return open;
    }

    private TrustRoot root(String place) {
        Path file = trustRoot.orElseThrow(() -> new Problem.Invalid(
                "--anchor " + place + " needs the log's key: no answer could be believed without",
                "--trust-root FILE (trusted_root.json, or the log's public key as PEM)"));
        try {
            TrustRoot root = TrustRoot.read(file);
            if (root.logs().isEmpty()) {
                throw new Problem.Invalid("--trust-root: " + file + " names no transparency log");
            }
            return root;
        } catch (IOException e) {
            throw new Problem.Invalid("--trust-root: cannot read " + file + ": " + e.getMessage());
        } catch (IllegalArgumentException e) {
            throw new Problem.Invalid("--trust-root: " + e.getMessage());
        }
    }

    private static Path path(String place, String prefix) {
        try {
            return Optional.of(Path.of(place.substring(prefix.length())))
                    .filter(Path::isAbsolute)
                    .map(Path::normalize)
                    .orElseThrow(() -> unknown(place));
        } catch (InvalidPathException e) {
            throw unknown(place);
        }
    }

    private static Problem unknown(String place) {
        return new Problem.Invalid("--anchor: '" + place.substring(0, Math.min(200, place.length()))
                + "' (expected: file:/ABSOLUTE/PATH, git:/ABSOLUTE/FOLDER, https://HOST/PATH or rekor:https://HOST)");
    }
}
