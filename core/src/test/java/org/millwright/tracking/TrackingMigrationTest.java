package org.millwright.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millwright.tracking.Tracking.ANA;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.kernel.Database;

/** A data folder from before runs had numbers keeps everything that was logged. */
class TrackingMigrationTest {
    @TempDir
    Path folder;

    @Test
    void keepsRunsAndWhatTheyLogged() throws SQLException {
        String url = "jdbc:sqlite:" + folder.resolve("old.db");
        Flyway.configure()
                .dataSource(url, null, null)
                .locations("classpath:db/migration")
                .target("060")
                .load()
                .migrate();
        try (var connection = DriverManager.getConnection(url);
                var statement = connection.createStatement()) {
            for (String run : List.of("b", "a")) {
                statement.execute("insert into run values ('" + run + "', 0, 'name-" + run
                        + "', 'ana', 'FINISHED', 7, 9, 'mlflow-artifacts:/0/" + run
                        + "/artifacts', 'active', null, null)");
            }
            statement.execute("insert into run_param values ('a', 'p', '1')");
            statement.execute("insert into run_tag values ('b', 'mlflow.runName', 'name-b')");
            statement.execute(
                    "insert into metric values ('a', 'm', 1, 2, 3.5, 0), ('a', 'm', 2, 1, 0, 1), ('b', 'm', 1, 1, 4, 0)");
            statement.execute("insert into latest_metric values ('a', 'm', 1, 2, 3.5, 0), ('b', 'm', 1, 1, 4, 0)");
        }
        try (var room = new Tracking(Database.sqlite(folder.resolve("old.db")))) {
            Run a = room.runs.get(ANA, "a");
            assertThat(a.params()).isEqualTo(Map.of("p", "1"));
            assertThat(a.endTime()).contains(9L);
            assertThat(a.metrics()).containsExactly(new Metric("m", 3.5, 1, 2));
            assertThat(room.runs.history(ANA, "a", "m", 10, "").items())
                    .containsExactly(new Metric("m", 3.5, 1, 2), new Metric("m", Double.NaN, 2, 1));
            assertThat(room.runs.get(ANA, "b").tags()).isEqualTo(Map.of("mlflow.runName", "name-b"));
            assertThat(room.runs.get(ANA, "b").metric("m")).contains(4.0);
        }
    }
}
