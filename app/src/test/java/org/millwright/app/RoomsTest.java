package org.millwright.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.millwright.identity.Actor;

/** The table of ARCHITECTURE.md, held against the code. */
class RoomsTest {
    private static final String BASE = "org.millwright.";
    private static final Pattern ROW = Pattern.compile("\\| (\\d+) \\| `(\\w+)` \\|.*");
    private static final Path ROOT = root();
    private static final Map<String, Integer> FLOORS = floors();
    private static final Set<String> CHECKED = Set.of(
            "Experiments",
            "Runs",
            "RunTables",
            "LoggedModels",
            "ArtifactTree",
            "Imports",
            "Models",
            "Versions",
            "Pulls",
            "Routings",
            "Replicas",
            "Channels",
            "Silences",
            "ExternalModels",
            "ProjectInsights",
            "Inventory",
            "Portfolio",
            "Lineages");
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("org.millwright");

    @Test
    void everyRoomIsInTheTable() {
        var rooms = new TreeSet<String>();
        CLASSES.stream()
                .filter(type -> isCore(type.getPackageName()))
                .forEach(type -> rooms.add(room(type.getPackageName())));
        assertThat(rooms).isSubsetOf(FLOORS.keySet());
        assertThat(FLOORS.keySet()).isSubsetOf(rooms);
    }

    @Test
    void aRoomCallsOnlyLowerFloors() {
        var wrong = new TreeSet<String>();
        for (JavaClass type : CLASSES) {
            if (!isCore(type.getPackageName())) {
                continue;
            }
            type.getDirectDependenciesFromSelf().stream()
                    .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                    .filter(target -> isCore(target.getPackageName()))
                    .filter(target -> isUpward(room(type.getPackageName()), room(target.getPackageName())))
                    .forEach(target -> wrong.add(type.getName() + " -> " + target.getName()));
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void onlyStoresKnowTheDatabaseLibrary() {
        noClasses()
                .that()
                .haveNameNotMatching(
                        ".*Store(\\$.*)?|org\\.millwright\\.kernel\\.(Database|Schema|Work|SqliteWriter)(\\$.*)?")
                .and()
                .resideOutsideOfPackage("org.millwright.schema..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.jooq..", "org.millwright.schema..")
                .check(CLASSES);
    }

    @Test
    void onlyTheWebKnowsTheServer() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.millwright.web..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.helidon.webserver..")
                .check(CLASSES);
    }

    @Test
    void onlyOnePackageKnowsGrpc() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.millwright.web.grpc..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.grpc..", "com.google.protobuf..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("org.millwright.web..")
                .and()
                .resideOutsideOfPackage("org.millwright.web.grpc..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.millwright.web.grpc..")
                .check(CLASSES);
    }

    @Test
    void onlyOnePackageKnowsPrometheus() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.millwright.web.metrics..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.prometheus..")
                .check(CLASSES);
    }

    @Test
    void onlyOnePackageKnowsTheKubernetesClient() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.millwright.engines.kubernetes..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.fabric8..")
                .check(CLASSES);
    }

    @Test
    void onlyOnePackageKnowsOpenTelemetry() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.millwright.engines.otlp..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.opentelemetry..")
                .check(CLASSES);
    }

    @Test
    void onlyOnePackageKnowsTheMailLibrary() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.millwright.engines.mail..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("jakarta.mail..", "org.eclipse.angus..")
                .check(CLASSES);
    }

    /** Only the API of users and permissions deals with levels; everything else asks a room, which checks. */
    @Test
    void adaptersCheckNoLevelsAndAskAsNobodyElse() {
        noClasses()
                .that()
                .resideInAPackage("org.millwright.web..")
                .and()
                .haveNameNotMatching(".*\\.UserRoutes(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .haveNameMatching("org\\.millwright\\.identity\\.(Grants|Level|Resource)(\\$.*)?")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("org.millwright.web..")
                .should()
                .accessField(Actor.class, "SYSTEM")
                .check(CLASSES);
    }

    @Test
    void aVerbThatAnAdapterCallsIsToldWhoAsks() {
        var wrong = new TreeSet<String>();
        for (JavaClass type : CLASSES) {
            if (!type.getPackageName().startsWith(BASE + "web")) {
                continue;
            }
            type.getCodeUnitAccessesFromSelf().stream()
                    .map(access -> access.getTarget())
                    .filter(target -> CHECKED.contains(target.getOwner().getSimpleName()))
                    .filter(target -> !target.getRawParameterTypes().stream()
                            .findFirst()
                            .map(JavaClass::getName)
                            .equals(Optional.of(Actor.class.getName())))
                    .map(target -> target.getOwner().getSimpleName() + "." + target.getName())
                    .forEach(wrong::add);
        }
        // A path of an URI, bytes of a file that a verb gave, and what the operator's route asks for.
        assertThat(wrong).containsExactlyInAnyOrder("ArtifactTree.pathOf", "ArtifactTree.open", "ArtifactTree.collect");
    }

    @Test
    void webAndEnginesDoNotSeeEachOther() {
        noClasses()
                .that()
                .resideInAPackage("org.millwright.web..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.millwright.engines..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAnyPackage("org.millwright.engines..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.millwright.web..")
                .check(CLASSES);
    }

    /** A store is called by its room, and by the room right above where both write or read in one transaction. */
    @Test
    void storesAreCalledByTheirRoomAndByFewOthers() {
        var calls = new TreeSet<String>();
        for (JavaClass type : CLASSES) {
            type.getDirectDependenciesFromSelf().stream()
                    .map(dependency -> dependency.getTargetClass())
                    .filter(target -> isCore(target.getPackageName())
                            && target.getSimpleName().endsWith("Store")
                            && !room(target.getPackageName()).equals(room(type.getPackageName())))
                    .forEach(target -> calls.add(room(type.getPackageName()) + " -> " + target.getSimpleName()));
        }
        assertThat(calls)
                .containsExactlyInAnyOrder(
                        "intake -> AttributeStore",
                        "intake -> LabelStore",
                        "intake -> PredictionStore",
                        "intake -> SegmentStore",
                        "intake -> WindowStore",
                        "monitor -> JudgementStore",
                        "monitor -> LabelStore",
                        "monitor -> OutcomeStore",
                        "monitor -> PredictionStore",
                        "monitor -> SignalStore",
                        "monitor -> WindowStore",
                        "registry -> SearchStore",
                        "retraining -> JudgementStore",
                        "retraining -> PredictionStore",
                        "verdict -> JudgementStore",
                        "verdict -> OutcomeStore",
                        "verdict -> PredictionStore",
                        "verdict -> SegmentStore",
                        "verdict -> SignalStore",
                        "verdict -> WindowStore");
    }

    @Test
    void theKernelStaysSmallAndNothingIsCalledUtil() {
        long kernel = CLASSES.stream()
                .filter(type -> type.getPackageName().equals(BASE + "kernel"))
                .filter(type -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
                .count();
        assertThat(kernel).isLessThanOrEqualTo(10);
        assertThat(CLASSES.stream().map(JavaClass::getPackageName).filter(name -> name.matches(".*\\.utils?(\\..*)?")))
                .isEmpty();
    }

    @Test
    void noFileIsLongerThan600Lines() throws IOException {
        var wrong = new ArrayList<String>();
        for (String module : List.of("scoring", "scorer", "core", "engines", "web", "app", "bench")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src"))) {
                for (Path file :
                        files.filter(path -> path.toString().endsWith(".java")).toList()) {
                    int lines = Files.readAllLines(file).size();
                    if (lines > 600) {
                        wrong.add(ROOT.relativize(file) + ": " + lines);
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static boolean isCore(String packageName) {
        if (!packageName.startsWith(BASE)) {
            return false;
        }
        String room = room(packageName);
        return !List.of("web", "engines", "app", "scoring", "scorer", "schema").contains(room);
    }

    private static boolean isUpward(String from, String to) {
        return !from.equals(to) && FLOORS.getOrDefault(to, 99) >= FLOORS.getOrDefault(from, -1);
    }

    private static String room(String packageName) {
        String rest = packageName.substring(BASE.length());
        int dot = rest.indexOf('.');
        return dot < 0 ? rest : rest.substring(0, dot);
    }

    private static Map<String, Integer> floors() {
        try {
            var floors = new HashMap<String, Integer>();
            for (String line : Files.readAllLines(ROOT.resolve("ARCHITECTURE.md"))) {
                var row = ROW.matcher(line);
                if (row.matches()) {
                    floors.put(row.group(2), Integer.valueOf(row.group(1)));
                }
            }
            return floors;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path root() {
        Path at = Path.of("").toAbsolutePath();
        while (!Files.exists(at.resolve("ARCHITECTURE.md"))) {
            at = at.getParent();
        }
        return at;
    }
}
