package org.millwright.registry;

import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.notExists;
import static org.jooq.impl.DSL.selectOne;
import static org.millwright.schema.Tables.MODEL_VERSION;
import static org.millwright.schema.Tables.MODEL_VERSION_TAG;
import static org.millwright.schema.Tables.REGISTERED_MODEL;
import static org.millwright.schema.Tables.REGISTERED_MODEL_ALIAS;
import static org.millwright.schema.Tables.REGISTERED_MODEL_TAG;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jooq.Condition;
import org.jooq.Record;
import org.jooq.SortField;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Database;
import org.millwright.tracking.Clause;
import org.millwright.tracking.Clause.Entity;
import org.millwright.tracking.Clause.Op;
import org.millwright.tracking.SearchOrder;
import org.millwright.tracking.SearchStore;

/** Registered models, their tags and aliases in the database. */
final class ModelStore {
    private static final long LOCK = 0x4d57_5245_4749_5354L;

    private static final int TOGETHER = 200;

    private final Database database;
    private final SearchStore search;
    private final VersionStore versions;

    ModelStore(Database database, VersionStore versions) {
        this.database = database;
        this.search = new SearchStore(database);
        this.versions = versions;
    }

    /** Makes this transaction the only one that changes the registry; SQLite has one writer anyway. */
    void lock() {
        if (!database.isSqlite()) {
            database.dsl().execute("select pg_advisory_xact_lock(?)", LOCK);
        }
    }

    void insert(String name, @Nullable String description, @Nullable String project, long now) {
        database.dsl()
                .insertInto(REGISTERED_MODEL)
                .set(REGISTERED_MODEL.NAME, name)
                .set(REGISTERED_MODEL.DESCRIPTION, description)
                .set(REGISTERED_MODEL.PROJECT, project)
                .set(REGISTERED_MODEL.LAST_VERSION, 0L)
                .set(REGISTERED_MODEL.CREATED_AT, now)
                .set(REGISTERED_MODEL.UPDATED_AT, now)
                .execute();
    }

    /** The project that governs a model; empty where none does or no model is. */
    Optional<String> project(String name) {
        return database.dsl()
                .select(REGISTERED_MODEL.PROJECT)
                .from(REGISTERED_MODEL)
                .where(REGISTERED_MODEL.NAME.eq(name))
                .fetchOptional(REGISTERED_MODEL.PROJECT);
    }

    boolean isTaken(String name) {
        return database.dsl().fetchExists(REGISTERED_MODEL, REGISTERED_MODEL.NAME.eq(name));
    }

    /** The number after the last one ever given. */
    long nextVersion(String name) {
        Long last = database.dsl()
                .select(REGISTERED_MODEL.LAST_VERSION)
                .from(REGISTERED_MODEL)
                .where(REGISTERED_MODEL.NAME.eq(name))
                .fetchOne(REGISTERED_MODEL.LAST_VERSION);
        long next = last == null ? 1 : last + 1;
        database.dsl()
                .update(REGISTERED_MODEL)
                .set(REGISTERED_MODEL.LAST_VERSION, next)
                .where(REGISTERED_MODEL.NAME.eq(name))
                .execute();
        return next;
    }

    void touch(String name, long now) {
        database.dsl()
                .update(REGISTERED_MODEL)
                .set(REGISTERED_MODEL.UPDATED_AT, now)
                .where(REGISTERED_MODEL.NAME.eq(name))
                .execute();
    }

    void describe(String name, @Nullable String description, long now) {
        database.dsl()
                .update(REGISTERED_MODEL)
                .set(REGISTERED_MODEL.DESCRIPTION, description)
                .set(REGISTERED_MODEL.UPDATED_AT, now)
                .where(REGISTERED_MODEL.NAME.eq(name))
                .execute();
    }

    void setProject(String name, String project) {
        database.dsl()
                .update(REGISTERED_MODEL)
                .set(REGISTERED_MODEL.PROJECT, project)
                .where(REGISTERED_MODEL.NAME.eq(name))
                .execute();
    }

    void rename(String name, String to, long now) {
        var dsl = database.dsl();
        dsl.update(REGISTERED_MODEL)
                .set(REGISTERED_MODEL.NAME, to)
                .set(REGISTERED_MODEL.UPDATED_AT, now)
                .where(REGISTERED_MODEL.NAME.eq(name))
                .execute();
        dsl.update(REGISTERED_MODEL_TAG)
                .set(REGISTERED_MODEL_TAG.NAME, to)
                .where(REGISTERED_MODEL_TAG.NAME.eq(name))
                .execute();
        dsl.update(REGISTERED_MODEL_ALIAS)
                .set(REGISTERED_MODEL_ALIAS.NAME, to)
                .where(REGISTERED_MODEL_ALIAS.NAME.eq(name))
                .execute();
        dsl.update(MODEL_VERSION)
                .set(MODEL_VERSION.NAME, to)
                .set(MODEL_VERSION.UPDATED_AT, now)
                .where(MODEL_VERSION.NAME.eq(name))
                .execute();
        dsl.update(MODEL_VERSION_TAG)
                .set(MODEL_VERSION_TAG.NAME, to)
                .where(MODEL_VERSION_TAG.NAME.eq(name))
                .execute();
    }

    void delete(String name) {
        var dsl = database.dsl();
        dsl.deleteFrom(REGISTERED_MODEL).where(REGISTERED_MODEL.NAME.eq(name)).execute();
        dsl.deleteFrom(REGISTERED_MODEL_TAG)
                .where(REGISTERED_MODEL_TAG.NAME.eq(name))
                .execute();
        dsl.deleteFrom(REGISTERED_MODEL_ALIAS)
                .where(REGISTERED_MODEL_ALIAS.NAME.eq(name))
                .execute();
        dsl.deleteFrom(MODEL_VERSION).where(MODEL_VERSION.NAME.eq(name)).execute();
        dsl.deleteFrom(MODEL_VERSION_TAG).where(MODEL_VERSION_TAG.NAME.eq(name)).execute();
    }

    void setTag(String name, String key, String value) {
        database.dsl()
                .insertInto(REGISTERED_MODEL_TAG)
                .set(REGISTERED_MODEL_TAG.NAME, name)
                .set(REGISTERED_MODEL_TAG.TAG_KEY, key)
                .set(REGISTERED_MODEL_TAG.VAL, value)
                .onConflict(REGISTERED_MODEL_TAG.NAME, REGISTERED_MODEL_TAG.TAG_KEY)
                .doUpdate()
                .set(REGISTERED_MODEL_TAG.VAL, value)
                .execute();
    }

    boolean deleteTag(String name, String key) {
        return database.dsl()
                        .deleteFrom(REGISTERED_MODEL_TAG)
                        .where(REGISTERED_MODEL_TAG.NAME.eq(name).and(REGISTERED_MODEL_TAG.TAG_KEY.eq(key)))
                        .execute()
                > 0;
    }

    void setAlias(String name, String alias, long version) {
        database.dsl()
                .insertInto(REGISTERED_MODEL_ALIAS)
                .set(REGISTERED_MODEL_ALIAS.NAME, name)
                .set(REGISTERED_MODEL_ALIAS.ALIAS, alias)
                .set(REGISTERED_MODEL_ALIAS.VERSION, version)
                .onConflict(REGISTERED_MODEL_ALIAS.NAME, REGISTERED_MODEL_ALIAS.ALIAS)
                .doUpdate()
                .set(REGISTERED_MODEL_ALIAS.VERSION, version)
                .execute();
    }

    void deleteAlias(String name, String alias) {
        database.dsl()
                .deleteFrom(REGISTERED_MODEL_ALIAS)
                .where(REGISTERED_MODEL_ALIAS.NAME.eq(name).and(REGISTERED_MODEL_ALIAS.ALIAS.eq(alias)))
                .execute();
    }

    Optional<Long> alias(String name, String alias) {
        return database.dsl()
                .select(REGISTERED_MODEL_ALIAS.VERSION)
                .from(REGISTERED_MODEL_ALIAS)
                .where(REGISTERED_MODEL_ALIAS.NAME.eq(name).and(REGISTERED_MODEL_ALIAS.ALIAS.eq(alias)))
                .fetchOptional(REGISTERED_MODEL_ALIAS.VERSION);
    }

    Optional<RegisteredModel> find(String name) {
        return whole(database.dsl()
                        .selectFrom(REGISTERED_MODEL)
                        .where(REGISTERED_MODEL.NAME.eq(name))
                        .fetch())
                .stream()
                .findFirst();
    }

    List<RegisteredModel> search(List<Clause> clauses, List<SearchOrder> orders, int offset, int limit) {
        var conditions = new ArrayList<Condition>();
        clauses.forEach(clause -> conditions.add(condition(clause)));
        if (clauses.stream().noneMatch(clause -> clause.key().equals(RegisteredModel.PROMPT_TAG))) {
            conditions.add(noPrompt());
        }
        var sort = new ArrayList<SortField<?>>();
        for (SearchOrder order : orders) {
            switch (order.key()) {
                case "name" -> sort.addAll(search.byText(REGISTERED_MODEL.NAME, order.ascending()));
                case "creation_timestamp" ->
                    sort.addAll(search.byNumber(REGISTERED_MODEL.CREATED_AT, order.ascending()));
                default -> sort.addAll(search.byNumber(REGISTERED_MODEL.UPDATED_AT, order.ascending()));
            }
        }
        sort.addAll(search.byText(REGISTERED_MODEL.NAME, true));
        return whole(database.dsl()
                .selectFrom(REGISTERED_MODEL)
                .where(SearchStore.all(conditions))
                .orderBy(sort)
                .limit(limit)
                .offset(offset)
                .fetch());
    }

    private Condition condition(Clause clause) {
        if (clause.entity() != Entity.TAG) {
            return search.text(REGISTERED_MODEL.NAME, clause);
        }
        boolean prompt = clause.key().equals(RegisteredModel.PROMPT_TAG);
        Condition key =
                REGISTERED_MODEL_TAG.NAME.eq(REGISTERED_MODEL.NAME).and(REGISTERED_MODEL_TAG.TAG_KEY.eq(clause.key()));
        Condition found = exists(
                selectOne().from(REGISTERED_MODEL_TAG).where(key.and(search.text(REGISTERED_MODEL_TAG.VAL, clause))));
        return prompt && meansNoPrompt(clause)
                ? found.or(notExists(selectOne().from(REGISTERED_MODEL_TAG).where(key)))
                : found;
    }

    /** Models that are no prompts lack the tag, yet clients ask for it to be false. */
    static boolean meansNoPrompt(Clause clause) {
        return clause.op() == Op.EQ && clause.text().equals("false")
                || clause.op() == Op.NE && clause.text().equals("true");
    }

    private static Condition noPrompt() {
        return notExists(selectOne()
                .from(REGISTERED_MODEL_TAG)
                .where(REGISTERED_MODEL_TAG
                        .NAME
                        .eq(REGISTERED_MODEL.NAME)
                        .and(REGISTERED_MODEL_TAG.TAG_KEY.eq(RegisteredModel.PROMPT_TAG))
                        .and(REGISTERED_MODEL_TAG.VAL.eq("true"))));
    }

    private List<RegisteredModel> whole(List<? extends Record> rows) {
        var models = new ArrayList<RegisteredModel>(rows.size());
        for (int from = 0; from < rows.size(); from += TOGETHER) {
            models.addAll(together(rows.subList(from, Math.min(rows.size(), from + TOGETHER))));
        }
        return models;
    }

    private List<RegisteredModel> together(List<? extends Record> rows) {
        var models = new ArrayList<RegisteredModel>(rows.size());
        List<String> names =
                rows.stream().map(row -> row.get(REGISTERED_MODEL.NAME)).toList();
        var tags = new HashMap<String, Map<String, String>>();
        database.dsl()
                .selectFrom(REGISTERED_MODEL_TAG)
                .where(REGISTERED_MODEL_TAG.NAME.in(names))
                .forEach(tag -> tags.computeIfAbsent(tag.get(REGISTERED_MODEL_TAG.NAME), key -> new TreeMap<>())
                        .put(tag.get(REGISTERED_MODEL_TAG.TAG_KEY), tag.get(REGISTERED_MODEL_TAG.VAL)));
        var aliases = new HashMap<String, Map<String, Long>>();
        database.dsl()
                .selectFrom(REGISTERED_MODEL_ALIAS)
                .where(REGISTERED_MODEL_ALIAS.NAME.in(names))
                .forEach(alias -> aliases.computeIfAbsent(
                                alias.get(REGISTERED_MODEL_ALIAS.NAME), key -> new TreeMap<>())
                        .put(alias.get(REGISTERED_MODEL_ALIAS.ALIAS), alias.get(REGISTERED_MODEL_ALIAS.VERSION)));
        var latest = versions.latest(names);
        for (Record row : rows) {
            String name = row.get(REGISTERED_MODEL.NAME);
            models.add(new RegisteredModel(
                    name,
                    Optional.ofNullable(row.get(REGISTERED_MODEL.DESCRIPTION)),
                    Optional.ofNullable(row.get(REGISTERED_MODEL.PROJECT)),
                    row.get(REGISTERED_MODEL.CREATED_AT),
                    row.get(REGISTERED_MODEL.UPDATED_AT),
                    tags.getOrDefault(name, new TreeMap<>()),
                    aliases.getOrDefault(name, new TreeMap<>()),
                    latest.getOrDefault(name, List.of())));
        }
        return models;
    }
}
