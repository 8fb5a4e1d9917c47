package org.millwright.app.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A page of documentation: its lines and its blocks of commands. */
record DocPage(String name, List<String> lines, List<Block> blocks) {
    private static final Pattern NOT_RUN = Pattern.compile("<!-- not run by a test: (.*) -->");
    private static final Pattern NUMBER =
            Pattern.compile("[0-9a-f]{8,}|[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]+)?", Pattern.CASE_INSENSITIVE);

    /**
     * Commands of a page.
     *
     * @param line of the page, from 1
     * @param output what the page shows right below as their output
     * @param notRun why no test runs them
     */
    record Block(int line, List<String> commands, List<String> output, Optional<String> notRun) {
        /** The lines of the shown output that the real one has not, taking every number for the same. */
        List<String> missingIn(String real) {
            List<String> there = real.lines().map(DocPage::plain).toList();
            return output.stream()
                    .filter(line -> !line.isBlank())
                    .filter(line -> there.stream()
                            .noneMatch(other -> pattern(line).matcher(other).find()))
                    .toList();
        }

        /** A line of shown output, in which {@code …} stands for anything. */
        private static Pattern pattern(String line) {
            return Pattern.compile(Stream.of(line.split("…", -1))
                    .map(DocPage::plain)
                    .map(Pattern::quote)
                    .reduce((a, b) -> a + ".*" + b)
                    .orElse(""));
        }
    }

    static Path root() {
        Path at = Path.of("").toAbsolutePath();
        while (!Files.exists(at.resolve("ARCHITECTURE.md"))) {
            at = at.getParent();
        }
        return at;
    }

    /** README, the pages for contributors, and everything under docs. */
    static List<DocPage> all() {
        try (Stream<Path> docs = Files.walk(root().resolve("docs"))) {
            return Stream.concat(
                            Stream.of("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"),
                            docs.filter(file -> file.toString().endsWith(".md"))
                                    .map(file ->
                                            root().relativize(file).toString().replace('\\', '/'))
                                    .sorted())
                    .map(DocPage::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static DocPage read(String name) {
        try {
            List<String> lines = Files.readAllLines(root().resolve(name));
            var blocks = new ArrayList<Block>();
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).equals("```sh")) {
                    Matcher mark = NOT_RUN.matcher(i == 0 ? "" : lines.get(i - 1));
                    List<String> commands = fenced(lines, i);
                    int end = i + commands.size() + 2;
                    boolean shown = end < lines.size() && lines.get(end).equals("```text");
                    blocks.add(new Block(
                            i + 1,
                            commands,
                            shown ? fenced(lines, end) : List.of(),
                            mark.matches() ? Optional.of(mark.group(1)) : Optional.empty()));
                    i = end - 1;
                }
            }
            return new DocPage(name, lines, blocks);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> fenced(List<String> lines, int fence) {
        return lines.subList(fence + 1, lines.size()).stream()
                .takeWhile(line -> !line.equals("```"))
                .toList();
    }

    /** How often the page says that something is not run. */
    long marks() {
        return lines.stream().filter(line -> line.startsWith("<!-- not run")).count();
    }

    /** The line with single blanks, and every number and id as {@code #}. */
    private static String plain(String line) {
        return NUMBER.matcher(line).replaceAll("#").replaceAll("\\s+", " ");
    }
}
