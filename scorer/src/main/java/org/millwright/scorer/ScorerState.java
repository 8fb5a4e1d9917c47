package org.millwright.scorer;

import java.time.Instant;
import java.util.Optional;
import org.millwright.scoring.remote.ProfileReports;

/**
 * How a scorer is doing, for a health page.
 *
 * @param model such as {@code models:/delays@champion}
 * @param version that answers now
 * @param digest hex SHA-256 over its bundle's files
 * @param since when it began to answer
 * @param validUntil when its certificate expires; it goes on to answer after that. Empty when that is not known or never
 * @param checked when its source was last reached; empty when it never was, and the version is from the cache
 * @param problem why the last look for another version failed
 * @param refused the version that was kept out last, until another takes its place
 * @param profiles what became of the profiles for monitoring
 */
public record ScorerState(
        String model,
        String version,
        String digest,
        Instant since,
        Optional<Instant> validUntil,
        Optional<Instant> checked,
        Optional<String> problem,
        Optional<Refused> refused,
        Profiles profiles) {

    /** A version that is kept out, and why. */
    public record Refused(String reason, Instant at) {}

    /**
     * Rows in profiles.
     *
     * @param sent rows that the server has
     * @param waiting rows that wait to be sent
     * @param lost rows that will not be in any profile, because too many waited or the server refused them
     * @param problem why the last profile was not sent
     */
    public record Profiles(long sent, long waiting, long lost, Optional<String> problem) {
        static final Profiles NONE = new Profiles(0, 0, 0, Optional.empty());

        static Profiles of(ProfileReports.State state) {
            return new Profiles(state.sent(), state.waiting(), state.lost(), state.problem());
        }
    }

    /** Whether nothing is wrong at the moment. */
    public boolean isFine() {
        return problem.isEmpty() && refused.isEmpty() && profiles.problem().isEmpty();
    }
}
