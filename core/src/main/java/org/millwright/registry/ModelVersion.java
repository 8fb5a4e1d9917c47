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
     */
    public record HandOff(boolean agreed, long rows, double tolerance, double difference, String report, long at) {}

    /** The version as the ledger names it. */
    public String subject() {
        return subject(name, version);
    }

    static String subject(String name, long version) {
        return "model:" + name + "/" + version;
    }

    public State state() {
        if (certificate.isPresent()) {
            return State.CERTIFIED;
        }
        if (handOff.isPresent()) {
            return handOff.get().agreed() ? State.AGREED : State.DISAGREED;
        }
        return bundle.isPresent() ? State.BUNDLED : State.REGISTERED;
    }
}
