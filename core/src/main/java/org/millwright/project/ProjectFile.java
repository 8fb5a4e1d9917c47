package org.millwright.project;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.millwright.identity.Role;
import org.millwright.scoring.Constraints;

/**
 * A project's {@code millwright.yaml}: its purpose, its people, its model and how that comes into production.
 *
 * @param owner user name of the person who answers for the project
 * @param members roles by user name
 * @param plan for whom, worth what, at what cost, looked at by whom
 * @param stages in the order in which versions pass them
 * @param digest of what the file means: comments and layout may change without a new approval
 */
public record ProjectFile(
        String name,
        String purpose,
        String owner,
        RiskTier riskTier,
        List<DataUse> data,
        Map<String, List<Role>> members,
        EnvironmentSpec environment,
        ModelSpec model,
        HandOff handOff,
        Release release,
        ProjectPlan plan,
        List<DeploymentStage> stages,
        String digest) {

    public static final String FILE = "millwright.yaml";

    public ProjectFile {
        data = List.copyOf(data);
        stages = List.copyOf(stages);
        members = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(members));
    }

    /** Data that the project uses, and how confidential it is. */
    public record DataUse(String name, String classification, String source) {}

    /**
     * The Python environment of the steps.
     *
     * @param requirements file of the project that names the packages wanted
     * @param lock file of the project that pins them all with hashes
     * @param threads threads that numeric libraries may use in a step; part of what makes results repeatable
     */
    public record EnvironmentSpec(String python, String requirements, String lock, int threads) {}

    /**
     * The model that the project makes.
     *
     * @param task {@code regression} or {@code classification}
     * @param label column that is predicted
     * @param positive of two classes the one that is looked for; "" for the second
     * @param id column that identifies a row, so that outcomes find their prediction; "" when there is none
     * @param time column with the time of prediction; "" when there is none
     */
    public record ModelSpec(String name, String task, String label, String positive, String id, String time) {
        public boolean isClassification() {
            return task.equals("classification");
        }
    }

    /**
     * What must hold when the Java runtime takes over from Python.
     *
     * @param tolerance largest difference of two predictions, in units of the label; relative to predictions above 1
     * @param rows recorded rows that are compared, at most
     * @param narrow what input columns take of all that the model's signature lets in
     */
    public record HandOff(double tolerance, int rows, Map<String, Constraints> narrow) {
        public HandOff {
            narrow = java.util.Collections.unmodifiableMap(new java.util.TreeMap<>(narrow));
        }
    }

    /**
     * How a version comes into production.
     *
     * @param smokeRows recorded rows that staging must score as in training
     * @param rollout what begins after that by itself; empty when a person begins it
     * @param onStop what becomes of requests when the version in production must not answer any more
     * @param limits what each deployment may take of the server
     * @param log what is kept of requests and answers; empty for nothing
     * @param protect aliases and stages of the project's models that move only by an approval
     * @param certificateValidFor how long after it was checked a version may be deployed anew
     * @param deciding how many people approve, and until when
     * @param remaking when the server makes versions again by itself
     */
    public record Release(
            int smokeRows,
            Optional<RolloutPlan> rollout,
            OnStop onStop,
            Limits limits,
            Optional<RequestSampling> log,
            List<String> protect,
            Duration certificateValidFor,
            Deciding deciding,
            Remaking remaking) {
        /** A year: a model that nobody looked at for longer is not deployed anew without a look. */
        static final Duration CERTIFICATE = Duration.ofDays(365);

        /** What is protected unless the file says otherwise. */
        static final List<String> PROTECTED = List.of("champion", "Production");

        public Release {
            protect = List.copyOf(protect);
        }
    }

    /** The stage that a deployment belongs to: the one that names it, else the last. */
    public DeploymentStage stageOf(String deployment) {
        return stages.stream()
                .filter(stage -> stage.deployments().contains(deployment))
                .findFirst()
                .orElseGet(stages::getLast);
    }

    /** How many different people must approve a release. */
    public int approvers() {
        return release.deciding().approvers(riskTier);
    }

    /** Reads the file's text; one {@link org.millwright.kernel.Problem.Invalid} names every mistake with its line. */
    public static ProjectFile parse(String text) {
        return parse(text, Role::of);
    }

    /** The same where the installation has roles of its own. */
    static ProjectFile parse(String text, Function<String, Role> roles) {
        return new ProjectFileReader(text, false, roles).read();
    }

    /** Reads a text that was accepted before, perhaps by a reader that took more. */
    public static ProjectFile kept(String text) {
        return new ProjectFileReader(text, true, Role::named).read();
    }

    /** What a text agreed that was accepted before agreements were files of their own. */
    static Optional<Agreement> agreement(String text) {
        return new ProjectFileReader(text, true, Role::named).agreement();
    }
}
