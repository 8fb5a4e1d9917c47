package org.millwright.policy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.millwright.project.RiskTier;

/** The policies that come with Millwright: one for each risk tier, in force until somebody replaces it. */
final class BuiltIn {
    private static final Map<String, Policy> ALL = load();

    private BuiltIn() {}

    /** By name. */
    static Map<String, Policy> all() {
        return ALL;
    }

    private static Map<String, Policy> load() {
        var all = new TreeMap<String, Policy>();
        for (RiskTier tier : RiskTier.values()) {
            Policy policy = read("tier-" + tier.text() + ".yaml");
            all.put(policy.name(), policy);
        }
        return Collections.unmodifiableMap(all);
    }

    private static Policy read(String file) {
        try (InputStream in = Objects.requireNonNull(BuiltIn.class.getResourceAsStream(file), file)) {
            return Policy.parse(file, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
