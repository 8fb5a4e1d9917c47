package org.millwright.app.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.millwright.app.cli.Terminal.Result;

/** The Go program that checks an exported ledger with Go's own packages for transparency logs. */
final class GoVerifier {
    private GoVerifier() {}

    static Result run(Path dir) throws InterruptedException {
        Path program = Path.of("..", "acceptance", "verifiers", "tlog")
                .toAbsolutePath()
                .normalize();
        try {
            Process process = new ProcessBuilder(
                            "go", "run", ".", dir.toAbsolutePath().toString())
                    .directory(program.toFile())
                    .redirectErrorStream(true)
                    .start();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), out, "");
        } catch (IOException e) {
            throw new AssertionError(
                    "The ledger's proofs are checked by a Go program and there is no go on PATH: install Go 1.18 or newer"
                            + " (Debian: apt-get install golang-go), or run ./mw test, which does it.",
                    e);
        }
    }
}
