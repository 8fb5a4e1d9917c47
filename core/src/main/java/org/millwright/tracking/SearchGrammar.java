package org.millwright.tracking;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.millwright.kernel.Problem;
import org.millwright.tracking.Clause.Entity;
import org.millwright.tracking.Clause.Op;

/**
 * The words of one search: which attributes a thing has, what may be compared how and ordered by.
 *
 * @param texts attributes that are strings
 * @param numbers attributes that are numbers
 * @param aliases other spellings of attributes
 * @param entities what filters may look at beside attributes
 * @param lists string attributes that IN accepts
 * @param orders attributes that results may be ordered by
 * @param nullTests entities that IS NULL accepts
 */
public record SearchGrammar(
        Set<String> texts,
        Set<String> numbers,
        Map<String, String> aliases,
        Set<Entity> entities,
        Set<String> lists,
        Set<String> orders,
        Set<Entity> nullTests) {

    private static final Map<String, Entity> WORDS = Map.ofEntries(
            Map.entry("metric", Entity.METRIC),
            Map.entry("metrics", Entity.METRIC),
            Map.entry("param", Entity.PARAMETER),
            Map.entry("params", Entity.PARAMETER),
            Map.entry("parameter", Entity.PARAMETER),
            Map.entry("parameters", Entity.PARAMETER),
            Map.entry("tag", Entity.TAG),
            Map.entry("tags", Entity.TAG),
            Map.entry("attribute", Entity.ATTRIBUTE),
            Map.entry("attributes", Entity.ATTRIBUTE),
            Map.entry("attr", Entity.ATTRIBUTE),
            Map.entry("run", Entity.ATTRIBUTE),
            Map.entry("dataset", Entity.DATASET),
            Map.entry("datasets", Entity.DATASET));
    private static final Set<String> DATASET_KEYS = Set.of("name", "digest", "context");
    private static final Set<Op> NUMERIC = EnumSet.of(Op.EQ, Op.NE, Op.LT, Op.LE, Op.GT, Op.GE);
    private static final Set<Op> PATTERN = EnumSet.of(Op.EQ, Op.NE, Op.LIKE, Op.ILIKE);
    private static final Set<Op> LISTED = EnumSet.of(Op.EQ, Op.NE, Op.LIKE, Op.ILIKE, Op.IN, Op.NOT_IN);

    static final SearchGrammar RUNS = new SearchGrammar(
            Set.of("run_id", "run_name", "status", "artifact_uri", "user_id"),
            Set.of("start_time", "end_time"),
            Map.of(
                    "created",
                    "start_time",
                    "Created",
                    "start_time",
                    "run name",
                    "run_name",
                    "Run name",
                    "run_name",
                    "Run Name",
                    "run_name"),
            EnumSet.of(Entity.METRIC, Entity.PARAMETER, Entity.TAG, Entity.DATASET),
            Set.of("run_id"),
            Set.of("start_time", "end_time", "run_id", "run_name", "user_id", "status", "artifact_uri"),
            EnumSet.of(Entity.TAG, Entity.PARAMETER));

    static final SearchGrammar EXPERIMENTS = new SearchGrammar(
            Set.of("name", "experiment_id"),
            Set.of("creation_time", "last_update_time"),
            Map.of(),
            EnumSet.of(Entity.TAG),
            Set.of("experiment_id"),
            Set.of("name", "experiment_id", "creation_time", "last_update_time"),
            EnumSet.of(Entity.TAG));

    static final SearchGrammar LOGGED_MODELS = new SearchGrammar(
            Set.of("name", "model_id", "model_type", "status", "source_run_id"),
            Set.of("creation_timestamp", "last_updated_timestamp"),
            Map.of("creation_time", "creation_timestamp", "last_updated_time", "last_updated_timestamp"),
            EnumSet.of(Entity.METRIC, Entity.PARAMETER, Entity.TAG),
            Set.of("name", "model_id", "model_type", "status", "source_run_id"),
            Set.of(
                    "name",
                    "model_id",
                    "model_type",
                    "status",
                    "source_run_id",
                    "creation_timestamp",
                    "last_updated_timestamp"),
            EnumSet.noneOf(Entity.class));

    /** A clause's left side: an entity and a key. */
    record Ident(Entity entity, String key) {}

    /** Resolves {@code entity.key} or a bare attribute. */
    Ident ident(String text, Set<String> attributes) {
        int dot = text.indexOf('.');
        Entity entity = dot < 0 ? Entity.ATTRIBUTE : entity(unquoted(text.substring(0, dot)));
        String key = unquoted(text.substring(dot + 1));
        if (entity == Entity.ATTRIBUTE) {
            String known = aliases.getOrDefault(key, key);
            if (!attributes.contains(known)) {
                throw new Problem.Invalid("Invalid attribute key '" + Names.shortened(key)
                        + "' specified. Valid keys are '" + braces(attributes) + "'");
            }
            return new Ident(entity, known);
        }
        if (entity == Entity.DATASET && !DATASET_KEYS.contains(key)) {
            throw new Problem.Invalid("Invalid dataset key '" + Names.shortened(key) + "' specified. Valid keys are '"
                    + braces(DATASET_KEYS) + "'");
        }
        return new Ident(entity, key);
    }

    /** Every attribute that a filter may name. */
    Set<String> attributes() {
        var all = new TreeSet<>(texts);
        all.addAll(numbers);
        return all;
    }

    boolean isNumeric(Ident ident) {
        return ident.entity() == Entity.METRIC || ident.entity() == Entity.ATTRIBUTE && numbers.contains(ident.key());
    }

    boolean allowsList(Ident ident) {
        return ident.entity() == Entity.DATASET || ident.entity() == Entity.ATTRIBUTE && lists.contains(ident.key());
    }

    /** The comparisons that make sense for a key. */
    Set<Op> ops(Ident ident) {
        var ops = EnumSet.copyOf(
                isNumeric(ident)
                        ? NUMERIC
                        : ident.entity() == Entity.ATTRIBUTE || ident.entity() == Entity.DATASET ? LISTED : PATTERN);
        if (nullTests.contains(ident.entity())) {
            ops.add(Op.IS_NULL);
            ops.add(Op.IS_NOT_NULL);
        }
        return ops;
    }

    private Entity entity(String word) {
        return Optional.ofNullable(WORDS.get(word))
                .filter(entity -> entity == Entity.ATTRIBUTE || entities.contains(entity))
                .orElseThrow(() -> new Problem.Invalid(
                        "Invalid entity type '" + Names.shortened(word) + "'. Valid values are " + valid()));
    }

    private List<String> valid() {
        var all = EnumSet.copyOf(entities);
        all.add(Entity.ATTRIBUTE);
        return all.stream().map(entity -> "'" + entity.text() + "'").toList();
    }

    private static String braces(Set<String> words) {
        return "{"
                + String.join(
                        ", ",
                        new TreeSet<>(words)
                                .stream().map(word -> "'" + word + "'").toList())
                + "}";
    }

    private static String unquoted(String text) {
        boolean quoted = text.length() >= 2
                && (text.charAt(0) == '`' || text.charAt(0) == '"' || text.charAt(0) == '\'')
                && text.charAt(text.length() - 1) == text.charAt(0);
        return quoted ? text.substring(1, text.length() - 1) : text;
    }
}
