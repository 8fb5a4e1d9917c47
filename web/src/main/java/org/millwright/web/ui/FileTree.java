package org.millwright.web.ui;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.millwright.identity.Actor;
import org.millwright.kernel.Problem;
import org.millwright.tracking.ArtifactFile;
import org.millwright.tracking.ArtifactTree;

/** The files of a run or a logged model, folder by folder. */
public final class FileTree {
    private static final int SHOWN = 500;

    private final ArtifactTree tree;

    public FileTree(ArtifactTree tree) {
        this.tree = tree;
    }

    /**
     * A file or a folder.
     *
     * @param path below the root
     * @param open whether a folder's content is shown
     * @param chosen whether it is what the page is about
     * @param more how many of the folder's files are left out
     */
    public record Node(
            String name,
            String path,
            boolean folder,
            long size,
            boolean open,
            boolean chosen,
            List<Node> children,
            int more) {
        /** The path for a query. */
        public String query() {
            return Links.segment(path);
        }
    }

    /** How much there is. */
    public record Total(int files, long bytes) {}

    /** What lies at the root, with the folders on the way to {@code path} open. */
    List<Node> tree(Actor by, String uri, String path) {
        return ArtifactTree.pathOf(uri).map(root -> list(by, root, "", path)).orElse(List.of());
    }

    private List<Node> list(Actor by, String root, String below, String path) {
        List<ArtifactFile> files = tree.list(by, below.isEmpty() ? root : root + "/" + below);
        var nodes = new ArrayList<Node>();
        files.stream()
                .sorted(Comparator.comparing((ArtifactFile file) -> !file.isFolder()))
                .forEach(file -> {
                    String at = below.isEmpty() ? file.name() : below + "/" + file.name();
                    boolean chosen = path.equals(at);
                    boolean onTheWay = chosen || path.startsWith(at + "/");
                    if (nodes.size() < SHOWN || onTheWay) {
                        boolean open = file.isFolder() && onTheWay;
                        List<Node> children = open ? list(by, root, at, path) : List.of();
                        nodes.add(new Node(file.name(), at, file.isFolder(), file.size(), open, chosen, children, 0));
                    }
                });
        int more = files.size() - nodes.size();
        if (more > 0) {
            nodes.add(new Node("", below, false, 0, false, false, List.of(), more));
        }
        return nodes;
    }

    Total total(Actor by, String uri) {
        List<ArtifactFile> files =
                ArtifactTree.pathOf(uri).map(path -> tree.files(by, path)).orElse(List.of());
        return new Total(
                files.size(), files.stream().mapToLong(ArtifactFile::size).sum());
    }

    /** The file or folder at a path below the root. */
    Optional<ArtifactFile> find(Actor by, String uri, String path) {
        return tree.find(by, at(uri, path));
    }

    /** The file at a path below the root; {@link Problem.NotFound} when there is none. */
    ArtifactFile file(Actor by, String uri, String path) {
        return tree.file(by, at(uri, path));
    }

    ArtifactTree tree() {
        return tree;
    }

    private static String at(String uri, String path) {
        String root = ArtifactTree.pathOf(uri)
                .orElseThrow(() -> new Problem.NotFound("The files are not kept here but at " + uri));
        return path.isEmpty() ? root : root + "/" + path;
    }
}
