package org.millwright.insight;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.millwright.kernel.Yaml;

/**
 * An edition of what maturity takes: a data file, as the published models move.
 *
 * @param sources the published models that it follows
 * @param levels names of the levels, from 0
 */
public record Criteria(
        int edition, List<String> sources, List<String> levels, List<Google> google, List<Dimension> dimensions) {
    private static final String FILE = "maturity-1.yaml";

    public Criteria {
        sources = List.copyOf(sources);
        levels = List.copyOf(levels);
        google = List.copyOf(google);
        dimensions = List.copyOf(dimensions);
    }

    /** What is looked at, such as source control; {@code weight} says how much it matters, from 1 to 10. */
    public record Dimension(String id, String title, int weight, List<Criterion> criteria) {}

    /**
     * A question to the records.
     *
     * @param id which also names the query that answers it
     * @param level that it takes, from 1
     * @param howTo page that closes the gap
     * @param next what to do or type first
     */
    public record Criterion(String id, int level, String ask, String howTo, String next) {}

    /** A level of Google's model, and the criteria that it takes. */
    public record Google(int level, String name, List<String> needs) {}

    /** The edition in force. */
    static Criteria load() {
        try (InputStream in = Objects.requireNonNull(Criteria.class.getResourceAsStream(FILE), FILE)) {
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Criteria parse(String text) {
        Yaml.Value root = Yaml.parse(FILE, text).only("edition", "sources", "levels", "google", "dimensions");
        var google = new ArrayList<Google>();
        items(root, "google")
                .forEach(item ->
                        google.add(new Google(item.integer("level", 0), item.text("name"), item.texts("needs"))));
        var dimensions = new ArrayList<Dimension>();
        items(root, "dimensions")
                .forEach(item -> dimensions.add(
                        new Dimension(item.text("id"), item.text("title"), item.integer("weight", 1), criteria(item))));
        var criteria = new Criteria(
                root.integer("edition", 0), root.texts("sources"), root.texts("levels"), google, dimensions);
        root.finish();
        return criteria;
    }

    private static List<Criterion> criteria(Yaml.Value dimension) {
        return items(dimension, "criteria").stream()
                .map(item -> new Criterion(
                        item.text("id"),
                        item.integer("level", 0),
                        item.text("ask"),
                        item.text("how-to"),
                        item.text("next")))
                .toList();
    }

    private static List<Yaml.Value> items(Yaml.Value map, String key) {
        return map.need(key).map(Yaml.Value::items).orElse(List.of());
    }

    Optional<Criterion> find(String id) {
        return dimensions.stream()
                .flatMap(dimension -> dimension.criteria().stream())
                .filter(criterion -> criterion.id().equals(id))
                .findFirst();
    }

    int most() {
        return levels.size() - 1;
    }
}
