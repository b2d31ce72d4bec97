package io.userstore.api.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Held to the vectors that the implementations of Certificate Transparency share, and to the RFC's definitions. */
class MerkleTreeTest {
    private static final List<String> CT_LEAVES =
            List.of("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f");
    private static final List<String> CT_ROOTS = List.of(
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

    /** A tree with what it keeps. */
    private static final class Tree {
        private final Frontier frontier = Frontier.empty();
        private final Map<Subtree, Hash> kept = new HashMap<>();
        private final List<Hash> leaves = new ArrayList<>();
        private final Proofs proofs = new Proofs(needed -> {
            assertThat(kept).containsKeys(needed.toArray(Subtree[]::new));
            return kept;
        });

        Tree append(byte[] data) {
            Hash leaf = Hash.ofLeaf(data);
            leaves.add(leaf);
            frontier.append(leaf, (subtree, hash) -> {
                if (Proofs.isKept(subtree)) {
                    kept.put(subtree, hash);
                }
            });
            return this;
        }
    }

    private static Tree ctTree(int size) {
        Tree tree = new Tree();
        CT_LEAVES.subList(0, size).forEach(leaf -> tree.append(HexFormat.of().parseHex(leaf)));
        return tree;
    }

    private static Tree treeOf(int size) {
        Tree tree = new Tree();
        for (int i = 0; i < size; i++) {
            tree.append(("event " + i).getBytes(StandardCharsets.UTF_8));
        }
        return tree;
    }

    /** RFC 9162, 2.1.1, word for word. */
    private static Hash plainRoot(List<Hash> leaves) {
        if (leaves.isEmpty()) {
            return Hash.ofNothing();
        }
        if (leaves.size() == 1) {
            return leaves.getFirst();
        }
        int k = Integer.highestOneBit(leaves.size() - 1);
        return Hash.ofNode(plainRoot(leaves.subList(0, k)), plainRoot(leaves.subList(k, leaves.size())));
    }

    @Test
    void theRootsAreThoseOfCertificateTransparency() {
        assertThat(Frontier.empty().root())
                .hasToString("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        for (int size = 1; size <= CT_LEAVES.size(); size++) {
            assertThat(ctTree(size).frontier.root()).hasToString(CT_ROOTS.get(size - 1));
            assertThat(ctTree(8).proofs.root(size)).hasToString(CT_ROOTS.get(size - 1));
        }
    }

    @Test
    void theProofsAreThoseOfCertificateTransparency() {
        Proofs proofs = ctTree(8).proofs;
        assertThat(proofs.inclusion(0, 1)).isEmpty();
        assertThat(proofs.inclusion(0, 8).stream().map(Hash::toString))
                .containsExactly(
                        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4");
        assertThat(proofs.inclusion(5, 8).stream().map(Hash::toString))
                .containsExactly(
                        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7");
        assertThat(proofs.inclusion(2, 3).stream().map(Hash::toString))
                .containsExactly("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
        assertThat(proofs.consistency(1, 1)).isEmpty();
        assertThat(proofs.consistency(1, 8).stream().map(Hash::toString))
                .containsExactly(
                        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4");
        assertThat(proofs.consistency(6, 8).stream().map(Hash::toString))
                .containsExactly(
                        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7");
    }

    @Test
    void everyLeafOfEveryTreeIsProvedAndNoOther() {
        Tree tree = treeOf(70);
        for (int size = 1; size <= 70; size++) {
            Hash root = plainRoot(tree.leaves.subList(0, size));
            assertThat(tree.proofs.root(size)).isEqualTo(root);
            for (int index = 0; index < size; index++) {
                List<Hash> path = tree.proofs.inclusion(index, size);
                Hash leaf = tree.leaves.get(index);
                assertThat(Verification.isIncluded(leaf, index, size, path, root))
                        .isTrue();
                assertThat(Verification.isIncluded(leaf, (index + 1) % (size + 1), size, path, root))
                        .isFalse();
                assertThat(Verification.isIncluded(Hash.ofLeaf(new byte[1]), index, size, path, root))
                        .isFalse();
                List<Hash> longer = new ArrayList<>(path);
                longer.add(leaf);
                assertThat(Verification.isIncluded(leaf, index, size, longer, root))
                        .isFalse();
            }
        }
    }

    @Test
    void everyTreeIsProvedToBeTheBeginningOfEveryLaterOne() {
        Tree tree = treeOf(70);
        for (int second = 1; second <= 70; second++) {
            Hash secondRoot = plainRoot(tree.leaves.subList(0, second));
            for (int first = 1; first <= second; first++) {
                Hash firstRoot = plainRoot(tree.leaves.subList(0, first));
                List<Hash> path = tree.proofs.consistency(first, second);
                assertThat(Verification.isConsistent(first, firstRoot, second, secondRoot, path))
                        .isTrue();
                assertThat(Verification.isConsistent(first, Hash.ofNothing(), second, secondRoot, path))
                        .isFalse();
                assertThat(Verification.isConsistent(first, firstRoot, second, Hash.ofNothing(), path))
                        .isFalse();
                List<Hash> longer = new ArrayList<>(path);
                longer.add(firstRoot);
                assertThat(Verification.isConsistent(first, firstRoot, second, secondRoot, longer))
                        .isFalse();
            }
        }
    }

    @Test
    void aHistoryThatWasChangedHasNoProof() {
        Tree honest = treeOf(20);
        Tree forged = treeOf(7).append("something else".getBytes(StandardCharsets.UTF_8));
        for (int i = 8; i < 20; i++) {
            forged.append(("event " + i).getBytes(StandardCharsets.UTF_8));
        }
        Hash before = honest.proofs.root(10);
        assertThat(Verification.isConsistent(10, before, 20, forged.frontier.root(), forged.proofs.consistency(10, 20)))
                .isFalse();
        assertThat(Verification.isConsistent(10, before, 20, forged.frontier.root(), honest.proofs.consistency(10, 20)))
                .isFalse();
    }

    @Test
    void theEdgeGoesOnFromWhereItWasWritten() {
        Tree whole = treeOf(45);
        Frontier resumed = Frontier.of(37, treeOf(37).frontier.encoded());
        for (int i = 37; i < 45; i++) {
            resumed.append(Hash.ofLeaf(("event " + i).getBytes(StandardCharsets.UTF_8)), (subtree, hash) -> {});
        }
        assertThat(resumed.root()).isEqualTo(whole.frontier.root());
        assertThat(resumed.size()).isEqualTo(45);
    }
}
