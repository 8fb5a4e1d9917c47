package org.millwright.reproduction;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.millwright.kernel.Json;

/**
 * What surrounded the steps then and surrounds them now, where the two differ.
 *
 * @param packages as {@code name: then → now}
 * @param machine the same of interpreter, system and processor
 * @param millwright what Millwright itself does otherwise
 */
record Facts(List<String> packages, List<String> machine, List<String> millwright) {
    private static final List<String> OF_THE_MACHINE = List.of("interpreter", "machine", "libc", "cpu", "cores");
    private static final String ABSENT = "none";
    private static final int SHOWN = 8;

    /** @param then the description that was recorded with the environment, as {@code now} is of the rebuilt one */
    static Facts between(JsonNode then, JsonNode now, List<String> millwright) {
        var machine = new ArrayList<String>();
        if (!then.isEmpty()) {
            OF_THE_MACHINE.forEach(key -> add(machine, key, then.path(key), now.path(key)));
            flags(then.path("cpu_flags"), now.path("cpu_flags")).ifPresent(machine::add);
        }
        var packages = new ArrayList<String>();
        var names = new TreeSet<String>();
        then.path("packages").fieldNames().forEachRemaining(names::add);
        if (!names.isEmpty()) {
            now.path("packages").fieldNames().forEachRemaining(names::add);
        }
        names.forEach(name -> add(
                packages,
                name,
                then.path("packages").path(name),
                now.path("packages").path(name)));
        return new Facts(packages, machine, List.copyOf(millwright));
    }

    private static void add(List<String> differences, String name, JsonNode then, JsonNode now) {
        if (!then.equals(now)) {
            differences.add(name + ": " + then.asText(ABSENT) + " → " + now.asText(ABSENT));
        }
    }

    private static Optional<String> flags(JsonNode then, JsonNode now) {
        var gone = new TreeSet<String>();
        then.forEach(flag -> gone.add(flag.asText()));
        var come = new TreeSet<String>();
        now.forEach(flag -> come.add(flag.asText()));
        var both = new TreeSet<>(gone);
        both.retainAll(come);
        gone.removeAll(both);
        come.removeAll(both);
        return gone.isEmpty() && come.isEmpty()
                ? Optional.empty()
                : Optional.of("processor features: then also " + some(gone) + ", now also " + some(come));
    }

    private static String some(TreeSet<String> names) {
        return names.isEmpty()
                ? ABSENT
                : String.join(" ", names.stream().limit(SHOWN).toList()) + (names.size() > SHOWN ? " …" : "");
    }

    /** The likeliest of them to change a result, with the words for it; empty when nothing differs. */
    Optional<Likely> likely() {
        if (!packages.isEmpty()) {
            return Optional.of(new Likely(Cause.DEPENDENCY, packages));
        }
        if (!millwright.isEmpty()) {
            return Optional.of(new Likely(Cause.MILLWRIGHT, millwright));
        }
        return machine.isEmpty() ? Optional.empty() : Optional.of(new Likely(Cause.HARDWARE, machine));
    }

    /** A cause and what speaks for it. */
    record Likely(Cause cause, List<String> evidence) {}

    ObjectNode json() {
        ObjectNode json = Json.object();
        json.set("packages", Json.tree(packages));
        json.set("machine", Json.tree(machine));
        json.set("millwright", Json.tree(millwright));
        return json;
    }
}
