package org.millwright.app;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.millwright.kernel.Problem;
import org.millwright.kernel.Yaml;

/** The environment variables that Millwright reads; another one of its names would be a typing error without effect. */
public final class Variables {
    private static final String OURS = "MW_";
    public static final Set<String> KNOWN = Set.of(
            "MW_ADMIN_PASSWORD",
            "MW_ADMIN_USER",
            "MW_BASE_URL",
            "MW_CHANNEL_HOSTS",
            "MW_CHANNEL_PASSWORD",
            "MW_CHANNEL_URL",
            "MW_CHROMIUM",
            "MW_COLUMNS",
            "MW_CONFIG",
            "MW_DATABASE_PASSWORD",
            "MW_DATABASE_USER",
            "MW_DEBUG",
            "MW_DEFAULT_PERMISSION",
            "MW_DEMO",
            "MW_FROM_PASSWORD",
            "MW_JAVA_HOME",
            "MW_LOG",
            "MW_OUTPUT",
            "MW_PYTHON",
            "MW_REPRODUCE",
            "MW_SERVER",
            "MW_SHARED",
            "MW_SIGNING_ALIAS",
            "MW_SIGNING_PASSWORD",
            "MW_SIGNING_STORE",
            "MW_TOKEN",
            "MW_UV");
    /** What the processes of steps find, which may start a server themselves. */
    private static final List<String> OF_STEPS =
            List.of("MW_INPUT_", "MW_OUTPUT_", "MW_PARAM_", "MW_PROCESS", "MW_SEED");

    private Variables() {}

    /** Refuses the first variable of ours that nobody reads. */
    public static void requireKnown(Map<String, String> environment) {
        environment.keySet().stream()
                .filter(name -> name.startsWith(OURS) && !KNOWN.contains(name))
                .filter(name -> OF_STEPS.stream().noneMatch(name::startsWith))
                .sorted()
                .findFirst()
                .ifPresent(name -> {
                    String hint = Yaml.nearest(name, KNOWN)
                            .map(near -> "; did you mean " + near + "?")
                            .orElse("");
                    throw new Problem.Invalid(
                            "Unknown setting " + name + " in the environment" + hint, "Correct or unset it.");
                });
    }
}
