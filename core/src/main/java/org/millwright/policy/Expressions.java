package org.millwright.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.checker.CelStandardDeclarations;
import dev.cel.checker.CelStandardDeclarations.StandardFunction;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.millwright.kernel.Yaml;

/**
 * The one language of gates: CEL over a {@link Vocabulary}, bounded in length, depth and steps, without regular
 * expressions. What cannot be decided is UNKNOWN.
 */
public final class Expressions {
    private static final CelOptions OPTIONS = CelOptions.current()
            .maxExpressionCodePointSize(2_000)
            .maxParseRecursionDepth(64)
            .comprehensionMaxIterations(10_000)
            .enableHeterogeneousNumericComparisons(true)
            .build();
    private static final Pattern UNDECLARED = Pattern.compile("undeclared reference to '([^']*)'.*", Pattern.DOTALL);
    private static final Pattern UNDEFINED = Pattern.compile("undefined field '([^']*)'.*", Pattern.DOTALL);

    private final Vocabulary vocabulary;
    private final CelCompiler compiler;
    private final CelRuntime runtime =
            CelRuntimeFactory.standardCelRuntimeBuilder().setOptions(OPTIONS).build();

    public Expressions(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
        var builder = CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(OPTIONS)
                .setStandardEnvironmentEnabled(false)
                .setStandardDeclarations(CelStandardDeclarations.newBuilder()
                        .excludeFunctions(StandardFunction.MATCHES)
                        .build())
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .setTypeProvider(vocabulary.provider())
                .setResultType(SimpleType.BOOL);
        vocabulary.variables().forEach(builder::addVar);
        compiler = builder.build();
    }

    public Vocabulary vocabulary() {
        return vocabulary;
    }

    /** Throws IllegalArgumentException with the reason when the text is no expression of a truth value. */
    public Expression compile(String text) {
        try {
            return new Expression(runtime.createProgram(compiler.compile(text).getAst()), named(text));
        } catch (CelValidationException e) {
            throw new IllegalArgumentException(told(text, e), e);
        } catch (CelEvaluationException e) {
            throw new IllegalArgumentException(oneLine(String.valueOf(e.getMessage())), e);
        }
    }

    /** A document as expressions see it; made once for all that are judged on it. */
    public Facts facts(JsonNode document) {
        return new Facts(vocabulary.values(document));
    }

    /** What expressions are judged on. */
    public static final class Facts {
        private final Map<String, Object> values;

        private Facts(Map<String, Object> values) {
            this.values = values;
        }
    }

    /** A text that was understood; may be judged by many threads. */
    public static final class Expression {
        private final CelRuntime.Program program;
        private final List<String> names;

        /** @param names of the vocabulary that it speaks of */
        private Expression(CelRuntime.Program program, List<String> names) {
            this.program = program;
            this.names = List.copyOf(names);
        }

        public Outcome judge(Facts facts) {
            try {
                Object result = program.eval(facts.values);
                if (Boolean.TRUE.equals(result)) {
                    return Outcome.PASSED;
                }
                return Boolean.FALSE.equals(result) ? Outcome.FAILED : Outcome.unknown(missing(facts));
            } catch (CelEvaluationException e) {
                return Outcome.unknown(oneLine(String.valueOf(e.getMessage())));
            } catch (RuntimeException | StackOverflowError e) {
                return Outcome.unknown(oneLine(e.toString()));
            }
        }

        private String missing(Facts facts) {
            List<String> missing = names.stream()
                    .filter(name -> !facts.values.containsKey(name))
                    .toList();
            return missing.isEmpty() ? "not true or false" : "nothing is known of " + String.join(", ", missing);
        }
    }

    private List<String> named(String text) {
        return vocabulary.names().stream()
                .filter(name -> Pattern.compile("(?<![.\\w])" + name + "\\b")
                        .matcher(text)
                        .find())
                .toList();
    }

    private String told(String text, CelValidationException e) {
        List<CelIssue> issues = e.getErrors();
        return issues.isEmpty()
                ? oneLine(String.valueOf(e.getMessage()))
                : issues.stream()
                        .limit(3)
                        .map(issue -> told(text, oneLine(issue.getMessage())))
                        .distinct()
                        .collect(Collectors.joining("; "));
    }

    /** What is wrong, with the names that would have been right. */
    private String told(String text, String message) {
        Matcher undeclared = UNDECLARED.matcher(message);
        if (undeclared.matches()) {
            String name = undeclared.group(1);
            return name.equals("matches")
                    ? "regular expressions are not taken; use ==, startsWith, endsWith, contains or in"
                    : "'" + name + "' is not known" + near(name, vocabulary.names());
        }
        Matcher undefined = UNDEFINED.matcher(message);
        return undefined.matches() ? field(text, undefined.group(1)) : message;
    }

    private String field(String text, String name) {
        Matcher path = Pattern.compile("([A-Za-z_][A-Za-z_0-9.]*)\\." + Pattern.quote(name) + "\\b")
                .matcher(text);
        while (path.find()) {
            var fields = vocabulary.fieldsAt(path.group(1));
            if (fields.isPresent() && !fields.get().fields().containsKey(name)) {
                return path.group(1) + " has no field '" + name + "'"
                        + near(name, fields.get().fields().keySet());
            }
        }
        return "no field '" + name + "' there (fields of what lists hold: "
                + vocabulary.inLists().entrySet().stream()
                        .map(entry -> entry.getKey() + ": "
                                + String.join(", ", entry.getValue().fields().keySet()))
                        .collect(Collectors.joining("; "))
                + ")";
    }

    private static String near(String name, java.util.Collection<String> known) {
        return Yaml.nearest(name, known)
                        .map(word -> "; did you mean '" + word + "'?")
                        .orElse("") + " (known: " + String.join(", ", known) + ")";
    }

    private static String oneLine(String text) {
        return text.lines().map(String::strip).findFirst().orElse(text).replaceFirst("^ERROR: <input>:[0-9:]+ ", "");
    }
}
