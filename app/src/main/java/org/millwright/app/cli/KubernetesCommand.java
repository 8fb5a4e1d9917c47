package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.millwright.kernel.Problem;
import org.millwright.kubernetes.ClusterFile;
import org.millwright.kubernetes.KServe;
import org.millwright.kubernetes.Manifests;
import org.millwright.scoring.bundle.Bundle;
import org.millwright.scoring.bundle.BundleArchive;
import org.millwright.scoring.signing.Untrusted;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw kubernetes}: a control plane and scorers for a cluster, and deployments for KServe. */
@Command(
        name = "kubernetes",
        description = "Manifests of a control plane and scorers, or of a deployment for KServe.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class KubernetesCommand {
    @Command(
            name = "manifests",
            description = "Everything that kubernetes.yaml declares, as manifests for kubectl apply.",
            mixinStandardHelpOptions = true)
    int manifests(@Mixin Shared shared, @Parameters(paramLabel = "FILE", defaultValue = ClusterFile.FILE) Path file) {
        return shared.documents(new Manifests(clusterFile(shared.around().resolve(file))).all());
    }

    @Command(
            name = "kserve",
            description = "What is in production at a deployment, as a manifest for KServe.",
            mixinStandardHelpOptions = true)
    int kserve(
            @Mixin Shared shared,
            @Parameters(paramLabel = "DEPLOYMENT") String deployment,
            @Option(
                            names = "--storage-uri",
                            required = true,
                            paramLabel = "URI",
                            description = "Where KServe finds the model's files, such as s3://models/delays.")
                    String storageUri,
            @Option(
                            names = "--trust",
                            required = true,
                            paramLabel = "FILE",
                            description = "The key that bundles are signed with, keys/bundles.pem.pub of the server.")
                    Path trust,
            @Option(
                            names = "--files",
                            paramLabel = "FOLDER",
                            description = "Write the files for the storage URI there, as KServe's runtime reads them.")
                    Optional<Path> files,
            @Option(names = "--namespace", defaultValue = "default") String namespace,
            @Option(names = "--name", description = "The service's name (default: the deployment's).")
                    Optional<String> name) {
        JsonNode shown = shared.client().get(DeploymentCommand.path(deployment, ""));
        String version = Optional.ofNullable(shown.path("production").textValue())
                .orElseThrow(() -> new Problem.Conflict(
                        "Nothing is in production at " + deployment, "mw deployment show " + deployment));
        String model = shown.path("model").asText();
        Path scratch = scratch();
        try {
            Path archive = scratch.resolve("bundle.zip");
            shared.client()
                    .download(
                            "/api/1/models/" + Client.part(model) + "/versions/" + Client.part(version) + "/bundle",
                            archive);
            var kserve = new KServe(
                    open(archive, scratch.resolve("bundle"), shared.around().resolve(trust)),
                    name.orElse(shown.path("name").asText()));
            ObjectNode service = kserve.service(namespace, storageUri);
            files.map(shared.around()::resolve).ifPresent(kserve::write);
            return shared.documents(List.of(service));
        } finally {
            Scratch.delete(scratch);
        }
    }

    private static Path scratch() {
        try {
            return Files.createTempDirectory("millwright-kserve");
        } catch (IOException e) {
            throw new Problem.Unavailable("There is no room for the bundle: " + e.getMessage(), "Is the disk full?", e);
        }
    }

    private static Bundle open(Path archive, Path folder, Path trust) {
        try (InputStream in = Files.newInputStream(archive)) {
            BundleArchive.unpack(in, folder);
            return Bundle.open(folder, List.of(ScorerOptions.key(trust)));
        } catch (Untrusted e) {
            throw new Problem.Refused("The bundle is not used: " + e.getMessage(), "Is --trust this server's key?");
        } catch (IOException e) {
            throw new Problem.Unavailable("The bundle cannot be unpacked: " + e.getMessage(), "Is the disk full?", e);
        }
    }

    static ClusterFile clusterFile(Path file) {
        try {
            return ClusterFile.parse(Files.readString(file));
        } catch (IOException e) {
            throw new Problem.NotFound("Cannot read " + file + ": " + e.getMessage(), "mw kubernetes manifests FILE");
        }
    }
}
