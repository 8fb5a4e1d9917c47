package org.millwright.app.cli;

import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The commands that texts name, held against those that there are. */
final class DocCommands {
    /** Commands of the launcher itself, which never reach the program. */
    static final Set<String> LAUNCHER = Set.of("build", "test", "check", "bench");

    private static final Pattern COMMAND = Pattern.compile("(?<![\\w/:.-])(?:\\./)?mw((?: +[^\\s;&|)`]+)+)");
    private static final Pattern INNER = Pattern.compile("\\$\\(([^()]*)\\)");
    private static final Pattern WORD = Pattern.compile("\"[^\"]*\"|'[^']*'|\\S+");

    private final CommandLine root = Mw.commandLine(
            new Surroundings(Path.of(""), Map.of(), new Screen(new PrintWriter(Writer.nullWriter()), false, false)),
            new PrintWriter(Writer.nullWriter()),
            new PrintWriter(Writer.nullWriter()));
    private final Set<String> named = new TreeSet<>();
    private final List<String> mistakes = new ArrayList<>();

    /** What was named, such as {@code run list}. */
    Set<String> named() {
        return named;
    }

    List<String> mistakes() {
        return mistakes;
    }

    /** Every command that can be given, such as {@code run list}; those that are hidden are not for people. */
    Set<String> registered() {
        var found = new TreeSet<String>();
        root.getSubcommands().values().forEach(command -> collect(command, found));
        return found;
    }

    private static void collect(CommandLine command, Set<String> found) {
        CommandSpec spec = command.getCommandSpec();
        if (!spec.usageMessage().hidden()) {
            if (isExecutable(command)) {
                found.add(spec.qualifiedName(" ").replaceFirst("^mw ", ""));
            }
            command.getSubcommands().values().forEach(each -> collect(each, found));
        }
    }

    private static boolean isExecutable(CommandLine command) {
        return command.getCommandSpec().userObject() instanceof Callable
                || command.getCommandSpec().userObject() instanceof java.lang.reflect.Method;
    }

    /** Notes the commands in a text, and what about them does not exist. */
    void read(String where, String text) {
        Matcher inner = INNER.matcher(text);
        String outer = text;
        while (inner.find()) {
            read(where, inner.group(1));
            outer = outer.replace(inner.group(), "X");
        }
        Matcher command = COMMAND.matcher(outer);
        while (command.find()) {
            resolve(where, words(command.group(1)));
        }
    }

    /** The words up to where the sentence around them goes on. */
    private static List<String> words(String text) {
        var words = new ArrayList<String>();
        Matcher word = WORD.matcher(text);
        while (word.find() && !word.group().equals("—")) {
            String plain = word.group().replaceFirst("[,.:]+$", "");
            words.add(plain);
            if (!plain.equals(word.group())) {
                break;
            }
        }
        return words;
    }

    private void resolve(String where, List<String> words) {
        if (LAUNCHER.contains(words.getFirst())) {
            named.add(words.getFirst());
            return;
        }
        CommandLine at = root;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            CommandLine sub = at.getSubcommands().get(word);
            if (word.startsWith("-") && word.length() > 1) {
                i += option(where, at, word.split("=", 2)[0]);
            } else if (sub != null) {
                at = sub;
            } else if (!isExecutable(at) && word.matches("[a-z][a-z-]*")) {
                mistakes.add(where + ": no command '" + name(at) + " " + word + "'");
                return;
            }
        }
        named.add(name(at).replaceFirst("^mw ?", ""));
    }

    /** How many of the next words are the option's value. */
    private int option(String where, CommandLine at, String name) {
        Optional<OptionSpec> found = Optional.ofNullable(at.getCommandSpec().findOption(name));
        if (found.isEmpty() && !takesAny(at)) {
            mistakes.add(where + ": '" + name(at) + "' has no option " + name);
        }
        return found.map(option -> option.arity().max() > 0 ? 1 : 0).orElse(1);
    }

    /** {@code mw run PIPELINE} takes the pipeline's parameters as options. */
    private static boolean takesAny(CommandLine at) {
        return !at.getCommandSpec().unmatchedArgsBindings().isEmpty();
    }

    private static String name(CommandLine command) {
        return command.getCommandSpec().qualifiedName(" ");
    }
}
