package org.millwright.scorer;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.millwright.scoring.bundle.Pointer;
import org.millwright.scoring.signing.TrustedKey;
import org.millwright.scoring.signing.Untrusted;

/**
 * Until when the certificate of the version in use is valid, by what its source has signed. It never stops what scores: it
 * is told ahead, and keeps versions from taking the place of others.
 */
final class Expiry {
    private static final System.Logger LOG = System.getLogger(Expiry.class.getName());
    private static final Duration SOON = Duration.ofDays(7);
    /** By how much clocks of servers that sign for each other may differ. */
    private static final Duration SKEW = Duration.ofMinutes(10);

    private final ModelUri uri;
    private final List<TrustedKey> keys;
    private final Clock clock;
    private volatile Optional<Instant> until = Optional.empty();
    private Instant issued = Instant.MIN;
    private Optional<String> told = Optional.empty();

    Expiry(ModelUri uri, List<TrustedKey> keys, Clock clock) {
        this.uri = uri;
        this.keys = keys;
        this.clock = clock;
    }

    /** A version is kept out because its certificate expired. */
    static final class Expired extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Expired(String message) {
            super(message);
        }
    }

    Optional<Instant> until() {
        return until;
    }

    /**
     * Takes the statement about the archive in use; "" when there is none.
     *
     * @throws Untrusted when it is not signed, or is about another
     */
    void learn(String text, String archive) {
        Optional<Pointer> named = verified(text, archive);
        until = named.flatMap(Pointer::validUntil);
        issued = named.map(Pointer::issued).orElse(issued);
    }

    /** Whether a statement says something of that archive; whether it is to be believed is not looked at. */
    static boolean isAbout(String text, String archive) {
        return !text.isEmpty() && Pointer.peek(text).archive().equals(archive);
    }

    /**
     * Checks what came with another archive.
     *
     * @param replaces whether it takes the place of one; where nothing answers yet, it may have answered before
     * @throws Expired when it may not any more
     * @throws Untrusted when the statement is not signed, or is about another
     */
    void admit(String text, String archive, boolean replaces) {
        verified(text, archive)
                .ifPresent(named -> named.validUntil()
                        .filter(end -> replaces && !clock.instant().isBefore(end))
                        .ifPresent(end -> {
                            throw new Expired("version " + named.version() + " is kept out: its certificate expired at "
                                    + end + " (mw model certify " + named.model() + "/" + named.version()
                                    + " renews it)");
                        }));
    }

    private Optional<Pointer> verified(String text, String archive) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Pointer named = Pointer.verify(text, keys);
        boolean same = named.archive().equals(archive)
                && named.model().equals(uri.name())
                && named.name().equals(uri.rest());
        if (!same) {
            throw new Untrusted("the pointer says what " + named.model() + " " + named.name()
                    + " is, and that it is archive " + named.archive().substring(0, 12) + ": not what came for " + uri);
        }
        if (named.issued().plus(SKEW).isBefore(issued)) {
            throw new Untrusted("the pointer was signed at " + named.issued() + ", the one before at " + issued
                    + ": an old one was put back (publish the version again)");
        }
        return Optional.of(named);
    }

    /** Tells once that a certificate ends soon, and once that it has ended. */
    void tell() {
        Optional<String> now = until.flatMap(this::message);
        if (!now.equals(told)) {
            now.ifPresent(message -> LOG.log(System.Logger.Level.WARNING, "{0}: {1}", uri, message));
            told = now;
        }
    }

    private Optional<String> message(Instant end) {
        Instant now = clock.instant();
        if (now.plus(SOON).isBefore(end)) {
            return Optional.empty();
        }
        return Optional.of("the certificate of the version in use " + (now.isBefore(end) ? "expires" : "expired")
                + " at " + end + "; it goes on to score");
    }
}
