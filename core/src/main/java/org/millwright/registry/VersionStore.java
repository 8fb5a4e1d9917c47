package org.millwright.registry;

import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.falseCondition;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.notExists;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.selectOne;
import static org.millwright.schema.Tables.MODEL_VERSION;
import static org.millwright.schema.Tables.MODEL_VERSION_TAG;
import static org.millwright.schema.Tables.REGISTERED_MODEL_ALIAS;
import static org.millwright.schema.Tables.REGISTERED_MODEL_TAG;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.Record;
import org.jooq.SortField;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.tracking.Clause;
import org.millwright.tracking.Clause.Entity;
import org.millwright.tracking.SearchOrder;
import org.millwright.tracking.SearchStore;

/** Model versions and their tags in the database. */
final class VersionStore {
    private static final int TOGETHER = 200;

    private final Database database;
    private final SearchStore search;

    VersionStore(Database database) {
        this.database = database;
        this.search = new SearchStore(database);
    }

    void insert(ModelVersion version) {
        database.dsl()
                .insertInto(MODEL_VERSION)
                .set(MODEL_VERSION.NAME, version.name())
                .set(MODEL_VERSION.VERSION, version.version())
                .set(MODEL_VERSION.SOURCE, version.source())
                .set(MODEL_VERSION.LOCATION, version.location())
                .set(MODEL_VERSION.RUN_ID, version.runId().orElse(null))
                .set(MODEL_VERSION.MODEL_ID, version.modelId().orElse(null))
                .set(MODEL_VERSION.RUN_LINK, version.runLink().orElse(null))
                .set(MODEL_VERSION.DESCRIPTION, version.description().orElse(null))
                .set(MODEL_VERSION.STAGE, version.stage().name())
                .set(MODEL_VERSION.FILES, version.files())
                .set(MODEL_VERSION.MADE_BY, version.madeBy())
                .set(MODEL_VERSION.CREATED_AT, version.createdAt())
                .set(MODEL_VERSION.UPDATED_AT, version.updatedAt())
                .execute();
    }

    void describe(String name, long version, @Nullable String description, long now) {
        database.dsl()
                .update(MODEL_VERSION)
                .set(MODEL_VERSION.DESCRIPTION, description)
                .set(MODEL_VERSION.UPDATED_AT, now)
                .where(is(name, version))
                .execute();
    }

    void setStage(String name, long version, Stage stage, long now) {
        database.dsl()
                .update(MODEL_VERSION)
                .set(MODEL_VERSION.STAGE, stage.name())
                .set(MODEL_VERSION.UPDATED_AT, now)
                .where(is(name, version))
                .execute();
    }

    void setBundle(String name, long version, ModelVersion.BundleRef bundle, long now) {
        database.dsl()
                .update(MODEL_VERSION)
                .set(MODEL_VERSION.BUNDLE_DIGEST, bundle.digest())
                .set(MODEL_VERSION.BUNDLE_ARCHIVE, bundle.archive())
                .set(MODEL_VERSION.UPDATED_AT, now)
                .where(is(name, version))
                .execute();
    }

    void setHandOff(String name, long version, ModelVersion.HandOff handOff, long now) {
        database.dsl()
                .update(MODEL_VERSION)
                .set(MODEL_VERSION.HANDOFF, Json.write(handOff))
                .set(MODEL_VERSION.UPDATED_AT, now)
                .where(is(name, version))
                .execute();
    }

    void setCertificate(String name, long version, String sha256, long now) {
        database.dsl()
                .update(MODEL_VERSION)
                .set(MODEL_VERSION.CERTIFICATE, sha256)
                .set(MODEL_VERSION.UPDATED_AT, now)
                .where(is(name, version))
                .execute();
    }

    void delete(String name, long version) {
        database.dsl().deleteFrom(MODEL_VERSION).where(is(name, version)).execute();
        database.dsl()
                .deleteFrom(MODEL_VERSION_TAG)
                .where(MODEL_VERSION_TAG.NAME.eq(name).and(MODEL_VERSION_TAG.VERSION.eq(version)))
                .execute();
        database.dsl()
                .deleteFrom(REGISTERED_MODEL_ALIAS)
                .where(REGISTERED_MODEL_ALIAS.NAME.eq(name).and(REGISTERED_MODEL_ALIAS.VERSION.eq(version)))
                .execute();
    }

    void setTag(String name, long version, String key, String value) {
        database.dsl()
                .insertInto(MODEL_VERSION_TAG)
                .set(MODEL_VERSION_TAG.NAME, name)
                .set(MODEL_VERSION_TAG.VERSION, version)
                .set(MODEL_VERSION_TAG.TAG_KEY, key)
                .set(MODEL_VERSION_TAG.VAL, value)
                .onConflict(MODEL_VERSION_TAG.NAME, MODEL_VERSION_TAG.VERSION, MODEL_VERSION_TAG.TAG_KEY)
                .doUpdate()
                .set(MODEL_VERSION_TAG.VAL, value)
                .execute();
    }

    boolean deleteTag(String name, long version, String key) {
        return database.dsl()
                        .deleteFrom(MODEL_VERSION_TAG)
                        .where(MODEL_VERSION_TAG
                                .NAME
                                .eq(name)
                                .and(MODEL_VERSION_TAG.VERSION.eq(version))
                                .and(MODEL_VERSION_TAG.TAG_KEY.eq(key)))
                        .execute()
                > 0;
    }

    Optional<ModelVersion> find(String name, long version) {
        return versions(is(name, version), List.of(), 0, 1).stream().findFirst();
    }

    /** Versions of a model, newest first. */
    List<ModelVersion> all(String name, int most) {
        return versions(MODEL_VERSION.NAME.eq(name), List.of(MODEL_VERSION.VERSION.desc()), 0, most);
    }

    List<ModelVersion> some(Map<String, Set<Long>> numbers) {
        var found = new ArrayList<ModelVersion>();
        var names = List.copyOf(numbers.keySet());
        for (int from = 0; from < names.size(); from += TOGETHER) {
            Condition any = names.subList(from, Math.min(names.size(), from + TOGETHER)).stream()
                    .map(name -> MODEL_VERSION
                            .NAME
                            .eq(name)
                            .and(MODEL_VERSION.VERSION.in(numbers.getOrDefault(name, Set.of()))))
                    .reduce(falseCondition(), Condition::or);
            found.addAll(versions(any, List.of(MODEL_VERSION.NAME.asc()), 0, Integer.MAX_VALUE));
        }
        return found;
    }

    /** The versions that came from a run, newest first. */
    List<ModelVersion> ofRun(String run) {
        return versions(MODEL_VERSION.RUN_ID.eq(run), List.of(MODEL_VERSION.CREATED_AT.desc()), 0, 1_000);
    }

    /** The same of a logged model. */
    List<ModelVersion> ofLoggedModel(String id) {
        return versions(MODEL_VERSION.MODEL_ID.eq(id), List.of(MODEL_VERSION.CREATED_AT.desc()), 0, 1_000);
    }

    /** The highest version of each stage of some models, by model; one without versions is left out. */
    Map<String, List<ModelVersion>> latest(List<String> names) {
        var newest = select(MODEL_VERSION.NAME, MODEL_VERSION.STAGE, max(MODEL_VERSION.VERSION))
                .from(MODEL_VERSION)
                .where(MODEL_VERSION.NAME.in(names))
                .groupBy(MODEL_VERSION.NAME, MODEL_VERSION.STAGE);
        return versions(
                        MODEL_VERSION
                                .NAME
                                .in(names)
                                .and(row(MODEL_VERSION.NAME, MODEL_VERSION.STAGE, MODEL_VERSION.VERSION)
                                        .in(newest)),
                        List.of(MODEL_VERSION.VERSION.asc()),
                        0,
                        names.size() * Stage.values().length)
                .stream()
                .collect(Collectors.groupingBy(ModelVersion::name));
    }

    /** Versions of a model in a stage. */
    List<ModelVersion> inStage(String name, Stage stage) {
        return versions(
                MODEL_VERSION.NAME.eq(name).and(MODEL_VERSION.STAGE.eq(stage.name())),
                List.of(MODEL_VERSION.VERSION.asc()),
                0,
                Integer.MAX_VALUE);
    }

    List<ModelVersion> search(List<Clause> clauses, List<SearchOrder> orders, int offset, int limit) {
        var conditions = new ArrayList<Condition>();
        clauses.forEach(clause -> conditions.add(condition(clause)));
        if (clauses.stream().noneMatch(clause -> clause.key().equals(RegisteredModel.PROMPT_TAG))) {
            conditions.add(noPrompt());
        }
        var sort = new ArrayList<SortField<?>>();
        orders.forEach(order -> sort.addAll(
                switch (order.key()) {
                    case "name" -> search.byText(MODEL_VERSION.NAME, order.ascending());
                    case "version_number" -> search.byNumber(MODEL_VERSION.VERSION, order.ascending());
                    case "creation_timestamp" -> search.byNumber(MODEL_VERSION.CREATED_AT, order.ascending());
                    default -> search.byNumber(MODEL_VERSION.UPDATED_AT, order.ascending());
                }));
        if (orders.isEmpty()) {
            sort.add(MODEL_VERSION.UPDATED_AT.desc());
        }
        sort.addAll(search.byText(MODEL_VERSION.NAME, true));
        sort.add(MODEL_VERSION.VERSION.desc());
        return versions(SearchStore.all(conditions), sort, offset, limit);
    }

    private Condition condition(Clause clause) {
        if (clause.entity() == Entity.TAG) {
            Condition key = tagOf(clause.key());
            Condition found = exists(
                    selectOne().from(MODEL_VERSION_TAG).where(key.and(search.text(MODEL_VERSION_TAG.VAL, clause))));
            boolean prompt = clause.key().equals(RegisteredModel.PROMPT_TAG);
            return prompt && ModelStore.meansNoPrompt(clause)
                    ? found.or(notExists(selectOne().from(MODEL_VERSION_TAG).where(key)))
                    : found;
        }
        return switch (clause.key()) {
            case "version_number" -> search.whole(MODEL_VERSION.VERSION, clause);
            case "run_id" -> search.text(MODEL_VERSION.RUN_ID, clause);
            case "source_path" -> search.text(MODEL_VERSION.SOURCE, clause);
            default -> search.text(MODEL_VERSION.NAME, clause);
        };
    }

    private static Condition tagOf(String key) {
        return MODEL_VERSION_TAG
                .NAME
                .eq(MODEL_VERSION.NAME)
                .and(MODEL_VERSION_TAG.VERSION.eq(MODEL_VERSION.VERSION))
                .and(MODEL_VERSION_TAG.TAG_KEY.eq(key));
    }

    private static Condition noPrompt() {
        return notExists(selectOne()
                .from(REGISTERED_MODEL_TAG)
                .where(REGISTERED_MODEL_TAG
                        .NAME
                        .eq(MODEL_VERSION.NAME)
                        .and(REGISTERED_MODEL_TAG.TAG_KEY.eq(RegisteredModel.PROMPT_TAG))
                        .and(REGISTERED_MODEL_TAG.VAL.eq("true"))));
    }

    private static Condition is(String name, long version) {
        return MODEL_VERSION.NAME.eq(name).and(MODEL_VERSION.VERSION.eq(version));
    }

    private List<ModelVersion> versions(Condition condition, List<? extends SortField<?>> sort, int offset, int limit) {
        var rows = database.dsl()
                .selectFrom(MODEL_VERSION)
                .where(condition)
                .orderBy(sort)
                .limit(limit)
                .offset(offset)
                .fetch();
        var names =
                rows.stream().map(row -> row.get(MODEL_VERSION.NAME)).distinct().toList();
        var tags = new HashMap<String, Map<String, String>>();
        var aliases = new HashMap<String, List<String>>();
        for (int from = 0; from < names.size(); from += 500) {
            var some = names.subList(from, Math.min(names.size(), from + 500));
            database.dsl()
                    .selectFrom(MODEL_VERSION_TAG)
                    .where(MODEL_VERSION_TAG.NAME.in(some))
                    .forEach(tag -> tags.computeIfAbsent(
                                    tag.get(MODEL_VERSION_TAG.NAME) + "/" + tag.get(MODEL_VERSION_TAG.VERSION),
                                    key -> new TreeMap<>())
                            .put(tag.get(MODEL_VERSION_TAG.TAG_KEY), tag.get(MODEL_VERSION_TAG.VAL)));
            database.dsl()
                    .selectFrom(REGISTERED_MODEL_ALIAS)
                    .where(REGISTERED_MODEL_ALIAS.NAME.in(some))
                    .orderBy(REGISTERED_MODEL_ALIAS.ALIAS)
                    .forEach(alias -> aliases.computeIfAbsent(
                                    alias.get(REGISTERED_MODEL_ALIAS.NAME) + "/"
                                            + alias.get(REGISTERED_MODEL_ALIAS.VERSION),
                                    key -> new ArrayList<>())
                            .add(alias.get(REGISTERED_MODEL_ALIAS.ALIAS)));
        }
        var found = new ArrayList<ModelVersion>(rows.size());
        rows.forEach(row -> found.add(version(row, tags, aliases)));
        return found;
    }

    private static ModelVersion version(
            Record row, Map<String, Map<String, String>> tags, Map<String, List<String>> aliases) {
        String key = row.get(MODEL_VERSION.NAME) + "/" + row.get(MODEL_VERSION.VERSION);
        return new ModelVersion(
                row.get(MODEL_VERSION.NAME),
                row.get(MODEL_VERSION.VERSION),
                row.get(MODEL_VERSION.SOURCE),
                row.get(MODEL_VERSION.LOCATION),
                Optional.ofNullable(row.get(MODEL_VERSION.RUN_ID)),
                Optional.ofNullable(row.get(MODEL_VERSION.MODEL_ID)),
                Optional.ofNullable(row.get(MODEL_VERSION.RUN_LINK)),
                Optional.ofNullable(row.get(MODEL_VERSION.DESCRIPTION)),
                Stage.valueOf(row.get(MODEL_VERSION.STAGE)),
                row.get(MODEL_VERSION.FILES),
                row.get(MODEL_VERSION.MADE_BY),
                row.get(MODEL_VERSION.CREATED_AT),
                row.get(MODEL_VERSION.UPDATED_AT),
                tags.getOrDefault(key, Map.of()),
                aliases.getOrDefault(key, List.of()),
                Optional.ofNullable(row.get(MODEL_VERSION.BUNDLE_DIGEST))
                        .map(digest -> new ModelVersion.BundleRef(digest, row.get(MODEL_VERSION.BUNDLE_ARCHIVE))),
                Optional.ofNullable(row.get(MODEL_VERSION.HANDOFF))
                        .map(json -> Json.read(json, ModelVersion.HandOff.class)),
                Optional.ofNullable(row.get(MODEL_VERSION.CERTIFICATE)));
    }
}
