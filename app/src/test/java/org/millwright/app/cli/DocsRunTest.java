package org.millwright.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every command of README and the how-tos, typed page after page on one machine with a real server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DocsRunTest {
    /** Later pages go on with what earlier ones made. */
    private static final List<String> ORDER = List.of(
            "docs/how-to/start.md",
            "docs/how-to/project.md",
            "docs/how-to/hand-off.md",
            "docs/how-to/dataset.md",
            "docs/how-to/serving.md",
            "docs/how-to/kubernetes.md",
            "docs/how-to/embedded-scorer.md",
            "docs/how-to/agreement.md",
            "docs/how-to/monitor.md",
            "docs/how-to/alerts.md",
            "docs/how-to/drift.md",
            "docs/how-to/simulate.md",
            "docs/how-to/policy.md",
            "docs/how-to/approve.md",
            "docs/how-to/ledger.md",
            "docs/how-to/request.md",
            "docs/how-to/reproduce.md",
            "docs/how-to/certify.md",
            "docs/how-to/insight.md",
            "docs/how-to/evidence.md",
            "docs/how-to/past.md",
            "docs/how-to/sigstore.md",
            "docs/how-to/mlflow.md",
            "docs/how-to/cli.md",
            "docs/how-to/operate.md",
            "docs/how-to/move-from-mlflow.md",
            "README.md");

    private DocShell shell;

    @BeforeAll
    void open(@TempDir(cleanup = CleanupMode.NEVER) Path folder) throws Exception {
        shell = new DocShell(folder);
    }

    @AfterAll
    void close() throws Exception {
        shell.close();
    }

    static List<String> order() {
        return ORDER;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("order")
    void everyCommandDoesWhatThePageSays(String name) throws Exception {
        DocPage page = DocPage.read(name);

        DocShell.Ran ran = shell.run(page);

        Path kept = Path.of("target", "docs", name.replace('/', '-') + ".txt");
        Files.createDirectories(kept.getParent());
        Files.writeString(kept, ran.all());
        assertThat(ran.exit()).as(name + ":\n" + ran.all()).isZero();
        for (DocPage.Block block : page.blocks()) {
            String output = ran.outputs().getOrDefault(block.line(), "");
            assertThat(block.notRun().isPresent() ? List.of() : block.missingIn(output))
                    .as(name + ":" + block.line() + " shows what was not written:\n" + output)
                    .isEmpty();
        }
    }

    @Test
    void everyPageWithCommandsIsRun() {
        assertThat(DocPage.all().stream()
                        .filter(page -> !page.blocks().isEmpty())
                        .map(DocPage::name))
                .containsExactlyInAnyOrderElementsOf(ORDER);
    }
}
