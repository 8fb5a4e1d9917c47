package org.millwright.dataset;

import static org.millwright.schema.Tables.DATASET;
import static org.millwright.schema.Tables.DATASET_VERSION;

import com.fasterxml.jackson.core.type.TypeReference;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;

/** Datasets and their versions in the database. */
final class DatasetStore {
    private static final TypeReference<List<Column>> COLUMNS = new TypeReference<>() {};

    private final Database database;

    DatasetStore(Database database) {
        this.database = database;
    }

    /** The project that owns the dataset. */
    Optional<String> owner(String dataset) {
        return database.dsl()
                .select(DATASET.PROJECT)
                .from(DATASET)
                .where(DATASET.NAME.eq(dataset))
                .fetchOptional(DATASET.PROJECT);
    }

    void insert(String dataset, String project, long now) {
        database.dsl()
                .insertInto(DATASET)
                .set(DATASET.NAME, dataset)
                .set(DATASET.PROJECT, project)
                .set(DATASET.CREATED_AT, now)
                .onConflictDoNothing()
                .execute();
    }

    List<String> names(Optional<String> project) {
        return database.dsl()
                .select(DATASET.NAME)
                .from(DATASET)
                .where(project.map(DATASET.PROJECT::eq).orElseGet(DSL::noCondition))
                .orderBy(DATASET.NAME)
                .fetch(DATASET.NAME);
    }

    void insert(DatasetVersion version) {
        database.dsl()
                .insertInto(DATASET_VERSION)
                .set(DATASET_VERSION.ID, version.id())
                .set(DATASET_VERSION.DATASET, version.dataset())
                .set(DATASET_VERSION.PERIOD, version.period())
                .set(DATASET_VERSION.NUMBER, version.number())
                .set(DATASET_VERSION.STATE, version.state().name())
                .set(DATASET_VERSION.SHA256, version.sha256())
                .set(DATASET_VERSION.ROW_COUNT, version.rows())
                .set(DATASET_VERSION.BYTE_COUNT, version.bytes())
                .set(DATASET_VERSION.SOURCE_SHA256, version.sourceSha256())
                .set(DATASET_VERSION.CONTRACT, version.contract())
                .set(DATASET_VERSION.CONTRACT_DIGEST, version.contractDigest())
                .set(DATASET_VERSION.COLUMNS, Json.write(version.columns()))
                .set(DATASET_VERSION.PROFILE, Json.write(version.profile()))
                .set(DATASET_VERSION.REPORT, version.report().map(Json::write).orElse(null))
                .set(DATASET_VERSION.FAILING_SHA256, version.failingSha256().orElse(null))
                .set(DATASET_VERSION.ORIGIN, Json.write(version.origin()))
                .set(DATASET_VERSION.CREATED_AT, version.createdAt())
                .set(DATASET_VERSION.CREATED_BY, version.createdBy())
                .execute();
    }

    int lastNumber(String dataset, String period) {
        Integer last = database.dsl()
                .select(DSL.max(DATASET_VERSION.NUMBER))
                .from(DATASET_VERSION)
                .where(of(dataset, period))
                .fetchOne(0, Integer.class);
        return last == null ? 0 : last;
    }

    Optional<DatasetVersion> bySource(String dataset, String period, String sourceSha256, String contractDigest) {
        return newest(of(dataset, period)
                .and(DATASET_VERSION.SOURCE_SHA256.eq(sourceSha256))
                .and(DATASET_VERSION.CONTRACT_DIGEST.eq(contractDigest)));
    }

    Optional<DatasetVersion> byBytes(String dataset, String period, String sha256, String contractDigest) {
        return newest(of(dataset, period)
                .and(DATASET_VERSION.SHA256.eq(sha256))
                .and(DATASET_VERSION.CONTRACT_DIGEST.eq(contractDigest)));
    }

    Optional<DatasetVersion> get(String dataset, String period, int number) {
        return newest(of(dataset, period).and(DATASET_VERSION.NUMBER.eq(number)));
    }

    List<DatasetVersion> versions(String dataset, Optional<String> from, Optional<String> through) {
        Condition within = DATASET_VERSION
                .DATASET
                .eq(dataset)
                .and(from.map(DATASET_VERSION.PERIOD::ge).orElseGet(DSL::noCondition))
                .and(through.map(DATASET_VERSION.PERIOD::le).orElseGet(DSL::noCondition));
        return database.dsl()
                .selectFrom(DATASET_VERSION)
                .where(within)
                .orderBy(DATASET_VERSION.PERIOD, DATASET_VERSION.NUMBER)
                .fetch(DatasetStore::version);
    }

    /** Accepted versions of a project's datasets, without what is known of their rows. */
    List<Arrival> arrivals(String project) {
        return database.dsl()
                .select(
                        DATASET_VERSION.DATASET,
                        DATASET_VERSION.PERIOD,
                        DATASET_VERSION.NUMBER,
                        DATASET_VERSION.CREATED_AT)
                .from(DATASET_VERSION)
                .join(DATASET)
                .on(DATASET.NAME.eq(DATASET_VERSION.DATASET))
                .where(DATASET.PROJECT.eq(project))
                .and(DATASET_VERSION.STATE.eq(DatasetVersion.State.ACCEPTED.name()))
                .orderBy(DATASET_VERSION.CREATED_AT)
                .fetch(row -> new Arrival(row.value1(), row.value2(), row.value3(), row.value4()));
    }

    private Optional<DatasetVersion> newest(Condition condition) {
        return database.dsl()
                .selectFrom(DATASET_VERSION)
                .where(condition)
                .orderBy(DATASET_VERSION.NUMBER.desc())
                .limit(1)
                .fetchOptional(DatasetStore::version);
    }

    private static Condition of(String dataset, String period) {
        return DATASET_VERSION.DATASET.eq(dataset).and(DATASET_VERSION.PERIOD.eq(period));
    }

    private static DatasetVersion version(Record row) {
        return new DatasetVersion(
                row.get(DATASET_VERSION.ID),
                row.get(DATASET_VERSION.DATASET),
                row.get(DATASET_VERSION.PERIOD),
                row.get(DATASET_VERSION.NUMBER),
                DatasetVersion.State.valueOf(row.get(DATASET_VERSION.STATE)),
                row.get(DATASET_VERSION.SHA256),
                row.get(DATASET_VERSION.ROW_COUNT),
                row.get(DATASET_VERSION.BYTE_COUNT),
                row.get(DATASET_VERSION.SOURCE_SHA256),
                row.get(DATASET_VERSION.CONTRACT),
                row.get(DATASET_VERSION.CONTRACT_DIGEST),
                Json.read(row.get(DATASET_VERSION.COLUMNS), COLUMNS),
                Json.read(row.get(DATASET_VERSION.PROFILE), TableProfile.class),
                Optional.ofNullable(row.get(DATASET_VERSION.REPORT))
                        .map(text -> Json.read(text, ValidationReport.class)),
                Optional.ofNullable(row.get(DATASET_VERSION.FAILING_SHA256)),
                Json.read(row.get(DATASET_VERSION.ORIGIN), Origin.class),
                row.get(DATASET_VERSION.CREATED_AT),
                row.get(DATASET_VERSION.CREATED_BY));
    }
}
