package org.millwright.app.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.millwright.kernel.Problem;

/** A page as PDF, printed by the Chromium that is installed. */
final class PrintedPdf {
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
    private static final int SECONDS = 60;

    private PrintedPdf() {}

    static void write(Surroundings around, String html, Path target) {
        Path browser = browser(around)
                .orElseThrow(() -> new Problem.Unavailable(
                        "No Chromium is on the PATH or named by MW_CHROMIUM",
                        "Install one, or open the card's page and print it to PDF from your browser."));
        try {
            Path folder = Files.createTempDirectory("mw-card");
            try {
                Path page = Files.writeString(folder.resolve("card.html"), html);
                print(browser, page, target, folder.resolve("profile"));
            } finally {
                try (Stream<Path> files = Files.walk(folder)) {
                    files.sorted(java.util.Comparator.reverseOrder())
                            .map(Path::toFile)
                            .forEach(File::delete);
                }
            }
        } catch (IOException e) {
            throw new Problem.Unavailable(
                    "Cannot print to " + target + ": " + e.getMessage(), "Choose another file.", e);
        }
    }

    private static void print(Path browser, Path page, Path target, Path profile) throws IOException {
        Files.deleteIfExists(target);
        Process process = new ProcessBuilder(
                        browser.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--no-pdf-header-footer",
                        "--user-data-dir=" + profile,
                        "--print-to-pdf=" + target.toAbsolutePath(),
                        page.toUri().toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        if (!Files.exists(target)) {
            throw new Problem.Unavailable(
                    browser + " printed nothing", "Open the card's page and print it to PDF from your browser.");
        }
    }

    private static Optional<Path> browser(Surroundings around) {
        Stream<Path> named = around.variable("MW_CHROMIUM").map(Path::of).stream();
        Stream<Path> found = Stream.of(around.variable("PATH").orElse("").split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)));
        return Stream.concat(named, found).filter(Files::isExecutable).findFirst();
    }
}
