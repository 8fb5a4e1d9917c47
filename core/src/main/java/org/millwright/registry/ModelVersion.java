package org.millwright.registry;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One version of a registered model; its files never change after registration, and numbers are never given twice.
 *
 * @param source what the client said
 * @param location artifact URI that the source means
 * @param files hex SHA-256 over names and hashes of all files at the location when it was registered
 * @param madeBy id of who registered it
 * @param createdAt milliseconds since the epoch, as updatedAt
 * @param certificate hex SHA-256 of the signed certificate among the artifacts
 */
public record ModelVersion(
        String name,
        long version,
        String source,
        String location,
        Optional<String> runId,
        Optional<String> modelId,
        Optional<String> runLink,
        Optional<String> description,
        Stage stage,
        String files,
        String madeBy,
        long createdAt,
        long updatedAt,
        Map<String, String> tags,
        List<String> aliases,
        Optional<BundleRef> bundle,
        Optional<HandOff> handOff,
        Optional<String> certificate) {

    /** How far a version's evidence is. */
    public enum State {
        REGISTERED,
        BUNDLED,
        DISAGREED,
        /** Recorded rows agree, but edge rows differ that the signature lets in. */
        BLOCKED,
        AGREED,
        CERTIFIED
    }

    /**
     * The portable form of a version.
     *
     * @param digest hex SHA-256 that names the bundle's content
     * @param archive hex SHA-256 of the archive among the artifacts
     */
    public record BundleRef(String digest, String archive) {}

    /**
     * What the comparison of the portable form with the original model found.
     *
     * @param rows rows scored by both
     * @param tolerance largest difference allowed, in units of the label
     * @param difference largest difference found, in units of the label
     * @param report hex SHA-256 of the full report among the artifacts; "" without one
     * @param at milliseconds since the epoch
     * @param blocking classes of edge rows that differ although the signature lets them in
     */
    public record HandOff(
            boolean agreed,
            long rows,
            double tolerance,
            double difference,
            String report,
            long at,
            List<String> blocking) {
        @SuppressWarnings("NullAway") // what was kept before there were edge rows has none
        public HandOff {
            blocking = blocking == null ? List.of() : List.copyOf(blocking);
        }

        /** Whether nothing that was compared stands against a release. */
        public boolean clear() {
            return agreed && blocking.isEmpty();
        }
    }

    /** The version as the ledger names it. */
    public String subject() {
        return subject(name, version);
    }

    static String subject(String name, long version) {
        return "model:" + name + "/" + version;
    }

    public State state() {
        if (handOff.isPresent() && !handOff.get().blocking().isEmpty()) {
            return handOff.get().agreed() ? State.BLOCKED : State.DISAGREED;
        }
        if (certificate.isPresent()) {
            return State.CERTIFIED;
        }
        if (handOff.isPresent()) {
            return handOff.get().agreed() ? State.AGREED : State.DISAGREED;
        }
        return bundle.isPresent() ? State.BUNDLED : State.REGISTERED;
    }
}
