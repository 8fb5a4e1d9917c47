package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code mw push}: sends a project's files as its newest, from a git hook or a build server. */
@Command(
        name = "push",
        description = "Send this folder's files as the project's newest; starts what the agreement says of a push.",
        mixinStandardHelpOptions = true)
final class PushCommand implements Callable<Integer> {
    @Mixin
    private Shared shared = new Shared();

    @Override
    public Integer call() {
        ProjectFolder folder = ProjectFolder.find(shared.around());
        JsonNode source = shared.client()
                .put(
                        "/api/1/projects/" + Client.part(folder.name()) + "/sources?push=true&commit=" + folder.commit()
                                + "&dirty=" + folder.dirty(),
                        "application/zip",
                        folder.pack());
        return shared.show(source, "id", "commit", "dirty", "files", "bytes");
    }
}
