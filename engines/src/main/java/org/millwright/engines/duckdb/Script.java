package org.millwright.engines.duckdb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.millwright.dataset.SqlJob;
import org.millwright.kernel.Problem;

/** Runs a script of foreign SQL: inputs are loaded first, then every door is shut, then it runs. */
final class Script {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");

    private final Duck duck;
    private final SqlJob job;

    Script(Duck duck, SqlJob job) {
        this.duck = duck;
        this.job = job;
    }

    void run() throws SQLException, IOException {
        for (Map.Entry<String, List<Path>> input : job.inputs().entrySet()) {
            if (input.getValue().isEmpty()) {
                throw new Problem.Invalid(job.name() + ": the input '" + input.getKey() + "' has no data");
            }
            duck.execute(
                    "create table " + Sql.name(input.getKey()) + " as select * from " + Sql.parquet(input.getValue()));
        }
        for (Map.Entry<String, Object> variable : job.variables().entrySet()) {
            if (!NAME.matcher(variable.getKey()).matches()) {
                throw new Problem.Invalid(
                        "'" + variable.getKey() + "' cannot be a variable's name (expected: letters, digits and '_')");
            }
            duck.execute("set variable " + Sql.name(variable.getKey()) + " = " + Sql.value(variable.getValue()));
        }
        duck.lock();
        duck.execute(job.script());
        Map<Path, Path> written = write();
        for (Map.Entry<Path, Path> file : written.entrySet()) {
            Path target = file.getValue().toAbsolutePath();
            Files.createDirectories(target.resolveSibling(""));
            Files.move(file.getKey(), target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Writes every output inside the own folder; returns where each file belongs. */
    private Map<Path, Path> write() throws SQLException {
        List<String> made =
                duck.query("select table_name from information_schema.tables order by 1", row -> row.getString(1));
        var written = new LinkedHashMap<Path, Path>();
        for (Map.Entry<String, Path> output : job.outputs().entrySet()) {
            if (!made.contains(output.getKey())) {
                throw new Problem.Invalid(
                        job.name() + " makes no table or view named '" + output.getKey() + "' (there are: "
                                + String.join(", ", made) + ")",
                        "Add: create view " + output.getKey() + " as select …");
            }
            Path file = duck.temp().resolve("out-" + written.size() + ".parquet");
            duck.execute(Sql.copy("select * from " + Sql.name(output.getKey()), file));
            written.put(file, output.getValue());
        }
        return written;
    }
}
