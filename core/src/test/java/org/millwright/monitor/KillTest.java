package org.millwright.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.alert.Clause;
import org.millwright.alert.Judgement;
import org.millwright.alert.Verdict;
import org.millwright.identity.Actor;
import org.millwright.kernel.Database;

/** A server that is killed at any moment and started again: nothing twice, nothing lost that was acknowledged. */
class KillTest {
    private static final List<String> MONTHS =
            List.of("2013-07", "2013-08", "2013-09", "2013-10", "2013-11", "2013-12");
    private static final int TIMES = 5;

    @TempDir
    Path folder;

    /** The server that is killed: plays the months one after another, September without skill, from the start. */
    public static final class Victim {
        public static void main(String[] args) {
            Path folder = Path.of(args[0]);
            Database database = Database.sqlite(folder.resolve("test.db"));
            var line = new Line(database, folder, !Boolean.parseBoolean(args[1]));
            System.out.println("ready");
            for (int i = 0; i + 1 < MONTHS.size(); i++) {
                String month = MONTHS.get(i);
                line.month(month, MONTHS.get(i + 1), "1", 0, month.equals("2013-09") ? 1 : 0);
                System.out.println(month);
            }
            System.out.println("done");
            System.exit(0);
        }
    }

    @Test
    void aKilledServerCountsNothingTwiceAndLosesNoAlert() throws IOException, InterruptedException {
        for (int attempt = 0; attempt < TIMES; attempt++) {
            Process victim = start(attempt > 0);
            try (var lines =
                    new BufferedReader(new InputStreamReader(victim.getInputStream(), StandardCharsets.UTF_8))) {
                String until = attempt == 0 ? "ready" : MONTHS.get(attempt - 1);
                String said = lines.readLine();
                while (said != null && !said.equals(until)) {
                    said = lines.readLine();
                }
                assertThat(said).isEqualTo(until);
            } finally {
                victim.destroyForcibly().waitFor();
            }
        }
        Process last = start(true);
        try (var lines = new BufferedReader(new InputStreamReader(last.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(lines.lines().toList()).last().isEqualTo("done");
        } finally {
            last.destroyForcibly().waitFor();
        }
        try (Database database = Database.sqlite(folder.resolve("test.db"))) {
            var line = new Line(database, folder, false);
            assertThat(line.windows()).hasSize(5).allSatisfy(window -> {
                assertThat(window.rows()).isEqualTo(400);
                assertThat(window.labels()).isEqualTo(400);
            });
            assertThat(line.judgements(Clause.PERFORMANCE))
                    .extracting(Judgement::verdict)
                    .containsExactly(Verdict.KEPT, Verdict.KEPT, Verdict.BROKEN, Verdict.KEPT, Verdict.KEPT);
            assertThat(line.alerts.list(Actor.SYSTEM, Optional.empty(), Optional.empty(), false))
                    .hasSize(1);
            assertThat(line.actions())
                    .filteredOn(action -> action.startsWith("alert."))
                    .containsExactly("alert.raised", "alert.resolved");
            assertThat(line.actions()).filteredOn("window.judged"::equals).hasSize(10);
            assertThat(line.ledger.verify().entries()).isEqualTo(line.ledger.size());
            line.monitor.close();
        }
    }

    private Process start(boolean again) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(
                        java,
                        "-Xmx256m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName(),
                        folder.toString(),
                        Boolean.toString(again))
                .redirectError(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
                .start();
    }
}
