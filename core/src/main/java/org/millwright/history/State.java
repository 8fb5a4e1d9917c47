package org.millwright.history;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.millwright.ledger.Entry;

/**
 * What was the case about one asset.
 *
 * @param ref such as {@code model:flight-delays/3}
 * @param facts by name
 */
public record State(String ref, SortedMap<String, Fact> facts) {
    public State {
        facts = Collections.unmodifiableSortedMap(new TreeMap<>(facts));
    }

    /** Before anything was recorded. */
    public static State nothing(String ref) {
        return new State(ref, new TreeMap<>());
    }

    /** The state after one entry more. */
    public State apply(Entry entry) {
        return new State(ref, applied(ref, new TreeMap<>(facts), entry));
    }

    /** The state after many. */
    public State applyAll(Collection<Entry> entries) {
        SortedMap<String, Fact> after = new TreeMap<>(facts);
        entries.forEach(entry -> applied(ref, after, entry));
        return new State(ref, after);
    }

    private static SortedMap<String, Fact> applied(String ref, SortedMap<String, Fact> facts, Entry entry) {
        for (Map.Entry<String, Optional<com.fasterxml.jackson.databind.JsonNode>> change :
                Tellings.of(ref, entry).entrySet()) {
            if (change.getValue().isPresent()) {
                facts.put(
                        change.getKey(),
                        Fact.of(change.getKey(), change.getValue().get(), entry));
            } else if (change.getKey().endsWith(".*")) {
                String prefix = change.getKey().substring(0, change.getKey().length() - 1);
                facts.keySet().removeIf(name -> name.startsWith(prefix));
            } else {
                facts.remove(change.getKey());
            }
        }
        return facts;
    }

    public Optional<Fact> fact(String name) {
        return Optional.ofNullable(facts.get(name));
    }

    /** The value of a fact as text; "" when there is none. */
    public String text(String name) {
        return fact(name).map(fact -> fact.value().asText()).orElse("");
    }

    /** The facts whose names begin so. */
    public Collection<Fact> facts(String prefix) {
        return facts.values().stream()
                .filter(fact -> fact.name().startsWith(prefix))
                .toList();
    }
}
