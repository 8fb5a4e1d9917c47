package org.millwright.tracking;

import static org.millwright.schema.Tables.RUN;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.millwright.kernel.Database;

/** Reads runs whole, with everything that they logged, in a few statements for many runs. */
final class RunReadStore {
    private static final int TOGETHER = 500;

    private final Database database;

    RunReadStore(Database database) {
        this.database = database;
    }

    /** The runs of those ids, in their order; unknown ids are left out. */
    List<Run> ofIds(List<String> ids) {
        var numbers = new HashMap<String, Integer>();
        for (int from = 0; from < ids.size(); from += TOGETHER) {
            List<String> some = ids.subList(from, Math.min(ids.size(), from + TOGETHER));
            numbers.putAll(database.dsl()
                    .select(RUN.ID, RUN.NUM)
                    .from(RUN)
                    .where(RUN.ID.in(some))
                    .fetchMap(RUN.ID, RUN.NUM));
        }
        return ofNumbers(
                ids.stream().filter(numbers::containsKey).map(numbers::get).toList());
    }

    /** The runs of those numbers, in their order. */
    List<Run> ofNumbers(List<Integer> numbers) {
        var runs = new ArrayList<Run>(numbers.size());
        for (int from = 0; from < numbers.size(); from += TOGETHER) {
            List<Integer> some = numbers.subList(from, Math.min(numbers.size(), from + TOGETHER));
            var parts = new Parts(some);
            some.forEach(number -> parts.run(number).ifPresent(runs::add));
        }
        return runs;
    }

    /** What is done with a row. */
    private interface EachRow {
        void read(ResultSet row) throws SQLException;
    }

    /** What some runs logged, by run. */
    private final class Parts {
        private final String numbers;
        private final Map<Integer, RunStore.Head> heads = new HashMap<>();
        private final Map<Integer, List<Metric>> metrics = new HashMap<>();
        private final Map<Integer, Map<String, String>> params = new HashMap<>();
        private final Map<Integer, Map<String, String>> tags = new HashMap<>();
        private final Map<String, List<DatasetInput>> inputs = new HashMap<>();
        private final Map<String, List<String>> inputModels = new HashMap<>();
        private final Map<String, List<Run.ModelOutput>> outputs = new HashMap<>();

        Parts(Collection<Integer> some) {
            String list = some.stream().map(String::valueOf).collect(Collectors.joining(","));
            // SQLite takes longer to parse hundreds of numbers than to find what they name.
            numbers = database.isSqlite() ? "select value from json_each('[" + list + "]')" : list;
            if (some.isEmpty()) {
                return;
            }
            each(
                    "select num, id, experiment_id, name, user_id, status, start_time, end_time, artifact_uri, stage,"
                            + " made_by from run where num in (" + numbers + ")",
                    this::addHead);
            each(
                    "select run_num, metric_key, val, ts, step, is_nan from metric_series where run_num in (" + numbers
                            + ") order by run_num, metric_key",
                    this::addMetric);
            each(
                    "select run_num, param_key, val from run_param where run_num in (" + numbers
                            + ") order by run_num, param_key",
                    row -> add(params, row));
            each(
                    "select run_num, tag_key, val from run_tag where run_num in (" + numbers
                            + ") order by run_num, tag_key",
                    row -> add(tags, row));
            each(
                    "select run_id, model_id, direction, step from run_model where run_id in (" + ids()
                            + ") order by model_id",
                    this::addModel);
            addInputs();
        }

        private String ids() {
            return "select id from run where num in (" + numbers + ")";
        }

        private void each(String sql, EachRow action) {
            database.dsl().connection(connection -> {
                try (var statement = connection.createStatement();
                        ResultSet row = statement.executeQuery(sql)) {
                    while (row.next()) {
                        action.read(row);
                    }
                }
            });
        }

        private void addHead(ResultSet row) throws SQLException {
            long end = row.getLong(8);
            Optional<Long> ended = row.wasNull() ? Optional.empty() : Optional.of(end);
            heads.put(
                    row.getInt(1),
                    new RunStore.Head(
                            row.getInt(1),
                            row.getString(2),
                            row.getLong(3),
                            row.getString(4),
                            row.getString(5),
                            RunStatus.valueOf(row.getString(6)),
                            row.getLong(7),
                            ended,
                            row.getString(9),
                            !row.getString(10).equals(ExperimentStore.ACTIVE),
                            Optional.ofNullable(row.getString(11))));
        }

        private void addMetric(ResultSet row) throws SQLException {
            double value = row.getInt(6) == 1 ? Double.NaN : row.getDouble(3);
            metrics.computeIfAbsent(row.getInt(1), number -> new ArrayList<>())
                    .add(new Metric(row.getString(2), value, row.getLong(4), row.getLong(5)));
        }

        private static void add(Map<Integer, Map<String, String>> all, ResultSet row) throws SQLException {
            all.computeIfAbsent(row.getInt(1), number -> new LinkedHashMap<>()).put(row.getString(2), row.getString(3));
        }

        private void addModel(ResultSet row) throws SQLException {
            String run = row.getString(1);
            if (row.getString(3).equals(RunStore.IN)) {
                inputModels.computeIfAbsent(run, id -> new ArrayList<>()).add(row.getString(2));
            } else {
                outputs.computeIfAbsent(run, id -> new ArrayList<>())
                        .add(new Run.ModelOutput(row.getString(2), row.getLong(4)));
            }
        }

        private void addInputs() {
            var inputTags = new HashMap<String, Map<String, String>>();
            each(
                    "select run_id, dataset_id, tag_key, val from run_input_tag where run_id in (" + ids() + ")",
                    row -> inputTags
                            .computeIfAbsent(row.getString(1) + row.getString(2), id -> new TreeMap<>())
                            .put(row.getString(3), row.getString(4)));
            each(
                    "select i.run_id, d.id, d.name, d.digest, d.source_type, d.source, d.schema_json, d.profile"
                            + " from run_input i join run_dataset d on d.id = i.dataset_id where i.run_id in (" + ids()
                            + ") order by i.run_id, i.pos",
                    row -> inputs.computeIfAbsent(row.getString(1), id -> new ArrayList<>())
                            .add(new DatasetInput(
                                    row.getString(3),
                                    row.getString(4),
                                    row.getString(5),
                                    row.getString(6),
                                    Optional.ofNullable(row.getString(7)),
                                    Optional.ofNullable(row.getString(8)),
                                    inputTags.getOrDefault(row.getString(1) + row.getString(2), Map.of()))));
        }

        Optional<Run> run(int number) {
            return Optional.ofNullable(heads.get(number))
                    .map(head -> head.run(
                            metrics.getOrDefault(number, List.of()),
                            params.getOrDefault(number, Map.of()),
                            tags.getOrDefault(number, Map.of()),
                            inputs.getOrDefault(head.id(), List.of()),
                            inputModels.getOrDefault(head.id(), List.of()),
                            outputs.getOrDefault(head.id(), List.of())));
        }
    }
}
