package org.millwright.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of the embedded scorer's page, compiled for Java 17 and run in a process of its own. */
class ScorerExampleTest {
    private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final int FEW = 9;

    @TempDir
    Path folder;

    @Test
    void theExampleRunsAsItIsWritten() throws Exception {
        try (var server = new PullServer(folder, 1)) {
            server.release(1);
            server.promote();
            Files.copy(server.key(), folder.resolve("bundles.pem.pub"));
            String block = block();
            assertThat(block.lines()).hasSizeLessThanOrEqualTo(FEW);
            compile(block.replace("http://localhost:5000", server.url()));

            String said = run(server.token("app"));

            assertThat(said).matches("delayed by -?[0-9.]+ minutes\\R");
            assertThat(folder.resolve("model-cache")).isNotEmptyDirectory();
            assertThat(server.rows()).containsKey("1");
        }
    }

    private static String block() throws IOException {
        Path at = Path.of("").toAbsolutePath();
        while (!Files.exists(at.resolve("ARCHITECTURE.md"))) {
            at = at.getParent();
        }
        Matcher block = BLOCK.matcher(Files.readString(at.resolve("docs/how-to/embedded-scorer.md")));
        assertThat(block.find()).isTrue();
        return block.group(1);
    }

    private void compile(String block) throws IOException {
        Path source = folder.resolve("Example.java");
        Files.writeString(
                source,
                "import java.nio.file.Path;\nimport org.millwright.scorer.Scorer;\n"
                        + "class Example {\n    public static void main(String[] args) {\n" + block + "    }\n}\n");
        var said = new StringWriter();
        var compiler = ToolProvider.getSystemJavaCompiler();
        var files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8);
        boolean fine = compiler.getTask(
                        said,
                        files,
                        null,
                        List.of("--release", "17", "-cp", System.getProperty("java.class.path")),
                        null,
                        files.getJavaFileObjects(source))
                .call();
        assertThat(fine).as(said.toString()).isTrue();
    }

    private String run(String token) throws IOException, InterruptedException {
        var example = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        folder + File.pathSeparator + System.getProperty("java.class.path"),
                        "Example")
                .directory(folder.toFile())
                .redirectError(folder.resolve("errors").toFile());
        example.environment().put("MW_TOKEN", token);
        Process process = example.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as(Files.readString(folder.resolve("errors")))
                .isZero();
        return said;
    }
}
