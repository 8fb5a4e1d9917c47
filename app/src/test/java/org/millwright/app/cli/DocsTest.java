package org.millwright.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.millwright.app.Variables;

/** What the documentation names is there: files, headings, commands, options. */
class DocsTest {
    private static final Pattern VARIABLE = Pattern.compile("\"(MW_[A-Z_]*[A-Z])\"");
    private static final Pattern LINK = Pattern.compile("(?<!!)\\[[^\\]]*]\\(([^)\\s]+)\\)");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final int FEW = 7;

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        var broken = new ArrayList<String>();
        for (DocPage page : DocPage.all()) {
            Matcher links = LINK.matcher(String.join("\n", page.lines()));
            while (links.find()) {
                String link = links.group(1);
                if (!link.matches("[a-z]+:.*") && !leads(DocPage.root().resolve(page.name()), link)) {
                    broken.add(page.name() + ": " + link);
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    private static boolean leads(Path from, String link) throws IOException {
        String[] parts = link.split("#", 2);
        Path to = parts[0].isEmpty() ? from : from.resolveSibling(parts[0]).normalize();
        if (!Files.exists(to)) {
            return false;
        }
        return parts.length == 1
                || Files.readAllLines(to).stream()
                        .filter(line -> line.startsWith("#"))
                        .map(DocsTest::anchor)
                        .anyMatch(parts[1]::equals);
    }

    /** The anchor that a heading gets: words in lower case, joined by dashes. */
    private static String anchor(String heading) {
        return heading.replaceFirst("^#+ ", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
    }

    @Test
    void everyCommandAndOptionExists() {
        var commands = new DocCommands();
        DocPage.all().forEach(page -> read(commands, page));
        read(commands, DocPage.read("catalog/src/main/resources/templates/tabular-regression/files/README.md"));

        assertThat(commands.mistakes()).isEmpty();
    }

    @Test
    void everyCommandIsOnSomePage() {
        var commands = new DocCommands();
        DocPage.all().forEach(page -> read(commands, page));

        var missing = new TreeSet<>(commands.registered());
        missing.addAll(DocCommands.LAUNCHER);
        missing.removeAll(commands.named());

        assertThat(missing).isEmpty();
    }

    /** Reads code in the text, and blocks of commands without their remarks; a command that is meant to be wrong is left out. */
    private static void read(DocCommands commands, DocPage page) {
        boolean inside = false;
        for (int i = 0; i < page.lines().size(); i++) {
            String line = page.lines().get(i);
            String where = page.name() + ":" + (i + 1);
            if (line.startsWith("```")) {
                inside = line.equals("```sh");
            } else if (inside) {
                if (!line.contains("# exits 2")) {
                    commands.read(where, line.replaceFirst("\\s# .*", "").replaceFirst("\\\\$", ""));
                }
            } else {
                Matcher code = CODE.matcher(line);
                while (code.find()) {
                    commands.read(where, code.group(1));
                }
            }
        }
    }

    @Test
    void everyVariableIsOnSomePage() {
        String text =
                DocPage.all().stream().flatMap(page -> page.lines().stream()).collect(Collectors.joining("\n"));

        assertThat(Variables.KNOWN).allMatch(name -> text.contains("`" + name));
    }

    @Test
    void everyVariableThatIsReadIsKnown() throws IOException {
        try (Stream<Path> files = Files.walk(DocPage.root().resolve("app/src/main/java"))) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".java")).toList()) {
                Matcher name = VARIABLE.matcher(Files.readString(file));
                while (name.find()) {
                    Variables.requireKnown(Map.of(name.group(1), ""));
                }
            }
        }
    }

    @Test
    void theLauncherKnowsItsOwnCommands() throws IOException {
        String launcher = Files.readString(DocPage.root().resolve("mw"));

        assertThat(DocCommands.LAUNCHER).allMatch(command -> launcher.contains(" " + command));
    }

    @Test
    void fewBlocksAreNotRunAndSayWhy() {
        List<DocPage> pages = DocPage.all();
        List<String> reasons = pages.stream()
                .flatMap(page -> page.blocks().stream())
                .flatMap(block -> block.notRun().stream())
                .toList();

        assertThat(reasons).hasSizeLessThanOrEqualTo(FEW).allMatch(reason -> reason.length() >= 10);
        assertThat(pages.stream().mapToLong(DocPage::marks).sum())
                .as("every mark stands right above a block")
                .isEqualTo(reasons.size());
    }

    @Test
    void whatTheProgramProposesExists() throws IOException {
        var commands = new DocCommands();
        for (String module : List.of("core", "engines", "web", "app")) {
            try (Stream<Path> files = Files.walk(DocPage.root().resolve(module).resolve("src/main"))) {
                for (Path file : files.filter(each -> each.toString().matches(".*\\.(java|jte)"))
                        .toList()) {
                    propose(commands, file);
                }
            }
        }
        assertThat(commands.mistakes()).isEmpty();
        assertThat(commands.named()).isNotEmpty();
    }

    /** Texts in the code, and commands on pages. */
    private static void propose(DocCommands commands, Path file) throws IOException {
        String name = DocPage.root().relativize(file).toString();
        String text = Files.readString(file);
        boolean page = file.toString().endsWith(".jte");
        Matcher said = (page ? Pattern.compile("<(?:code|pre)>([^<]*)<") : LITERAL).matcher(text);
        while (said.find()) {
            said.group(1).lines().forEach(line -> commands.read(name, line.replaceFirst("\\s# .*", "")));
        }
    }
}
