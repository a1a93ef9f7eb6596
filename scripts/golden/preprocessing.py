"""Golden values of preprocessing: scikit-learn's transformers on random and on real rows.

    /usr/bin/python3 scripts/golden/preprocessing.py [--data ../shared/data/tabular]

writes test/golden/learn/preprocessing.json and, where the folder of data is there, the small samples
under test/golden/learn/samples/. Without the folder the samples that are there already are used.

Each case: {kind, options, input, y?, test?, out, names?, attributes?, inverse?}. `input` names one of
`inputs`; a matrix is rows of numbers (null: missing) or texts; {"columns", "starts", "indices",
"values"} are sparse rows.
"""

import csv
import json
import os
import platform
import sys
import warnings

import numpy as np
import scipy
import scipy.sparse as sp
import sklearn
from sklearn import feature_selection as fs
from sklearn import preprocessing as pp
from sklearn.decomposition import PCA
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.impute import SimpleImputer

warnings.simplefilter("ignore")
HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.path.join(HERE, "../../test/golden/learn")
SAMPLES = os.path.join(OUT, "samples")
rng = np.random.default_rng(5)


def samples(folder):
    """A few dozen rows of each table, as found, so that the tests need no data."""
    os.makedirs(SAMPLES, exist_ok=True)
    if not os.path.isdir(folder):
        return
    for name, every, lines in (
        ("titanic.csv", 18, 60),
        ("churn.csv", 150, 60),
        ("iris.csv", 3, 50),
        ("breast-cancer-wisconsin.csv", 10, 50),
    ):
        with open(os.path.join(folder, name), newline="") as file:
            head, *rest = file.read().splitlines()
        with open(os.path.join(SAMPLES, name), "w", newline="") as file:
            file.write("\n".join([head, *rest[::every][:lines]]) + "\n")
    with open(os.path.join(folder, "spambase.data")) as file:
        rows = file.read().splitlines()[::90][:50]
    with open(os.path.join(SAMPLES, "spambase.data"), "w") as file:
        file.write("\n".join(rows) + "\n")


def table(name):
    with open(os.path.join(SAMPLES, name), newline="") as file:
        head, *rows = list(csv.reader(file))
    return {key: [row[i] for row in rows] for i, key in enumerate(head) if key}


def numbers(columns, names):
    return np.array([[float("nan") if v == "?" else float(v) for v in columns[n]] for n in names]).T


def texts(columns, names):
    return np.array([[None if v == "?" else v for v in columns[n]] for n in names], dtype=object).T


def plain(value):
    """Numbers as they are, NaN as null."""
    if sp.issparse(value):
        value = value.tocsr()
        value.sort_indices()
        return {
            "columns": value.shape[1],
            "starts": value.indptr.tolist(),
            "indices": value.indices.tolist(),
            "values": plain(value.data),
        }
    if isinstance(value, np.ndarray):
        return [plain(v) for v in value]
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, (float, np.floating)):
        v = float(value)
        if v != v:
            return None
        if v in (float("inf"), float("-inf")):
            return "Infinity" if v > 0 else "-Infinity"
        return v
    if isinstance(value, np.generic):
        return value.item()
    return value


cases = []
inputs = {}


def case(kind, options, estimator, given, y=None, test=None, attributes=None, inverse=True, names=None):
    """Fits on inputs[given], transforms that or inputs[test]."""
    x = inputs[given][0]
    fitted = estimator.fit(x, y)
    seen = inputs[test][0] if test else x
    out = fitted.transform(seen)
    made = {"kind": kind, "options": options, "input": given, "out": plain(out)}
    if y is not None:
        made["y"] = plain(np.asarray(y))
    if test:
        made["test"] = test
    if names:
        made["names"] = [str(n) for n in fitted.get_feature_names_out()]
    if attributes:
        made["attributes"] = {ours: plain(getattr(fitted, theirs)) for ours, theirs in attributes.items()}
    if inverse and hasattr(fitted, "inverse_transform"):
        made["inverse"] = plain(fitted.inverse_transform(out))
    cases.append(made)


def scalers():
    for given in ("random", "holes", "breast", "spam", "iris", "large"):
        for mean in (True, False):
            for scale in (True, False):
                case("standardScaler", {"mean": mean, "scale": scale},
                     pp.StandardScaler(with_mean=mean, with_std=scale), given,
                     attributes={"scale": "scale_"} if scale else None)
        case("minMaxScaler", {}, pp.MinMaxScaler(), given, attributes={"min": "data_min_", "max": "data_max_"})
        case("minMaxScaler", {"range": [-2, 3]}, pp.MinMaxScaler(feature_range=(-2, 3)), given)
        case("maxAbsScaler", {}, pp.MaxAbsScaler(), given, attributes={"scale": "scale_"})
        for options, theirs in (
            ({}, {}),
            ({"center": False}, {"with_centering": False}),
            ({"scale": False}, {"with_scaling": False}),
            ({"quantileRange": [5, 80]}, {"quantile_range": (5, 80)}),
            ({"unitVariance": True}, {"unit_variance": True}),
        ):
            case("robustScaler", options, pp.RobustScaler(**theirs), given,
                 attributes={"scale": "scale_"} if options.get("scale", True) else None)
    case("minMaxScaler", {"clip": True}, pp.MinMaxScaler(clip=True), "random", test="wider", inverse=False)
    for given in ("sparse", "sparseHoles"):
        case("standardScaler", {"mean": False}, pp.StandardScaler(with_mean=False), given)
        case("maxAbsScaler", {}, pp.MaxAbsScaler(), given)
        case("robustScaler", {"center": False}, pp.RobustScaler(with_centering=False), given)
        case("robustScaler", {"center": False, "quantileRange": [2, 97]},
             pp.RobustScaler(with_centering=False, quantile_range=(2, 97)), given)
    for given in ("random", "breast", "spam", "sparse"):
        for norm in ("l1", "l2", "max"):
            case("normalizer", {"norm": norm}, pp.Normalizer(norm=norm), given)
    weights = np.round(rng.random(40), 2)
    x = inputs["holes"][0]
    fitted = pp.StandardScaler().fit(x, sample_weight=weights)
    cases.append({"kind": "standardScaler", "options": {}, "input": "holes", "sampleWeight": plain(weights),
                  "out": plain(fitted.transform(x))})


def imputers():
    ours = {"mean": "mean", "median": "median", "most_frequent": "mostFrequent", "constant": "constant"}
    for given in ("holes", "titanicNumbers", "sparseHoles", "sparseEmpty", "holesEmpty"):
        for theirs, name in ours.items():
            for indicator in (False, True):
                for keep in (False, True):
                    options = {"strategy": name, "indicator": indicator, "empty": "keep" if keep else "drop"}
                    if name == "constant":
                        options["value"] = -7.5
                    case("imputer", options,
                         SimpleImputer(strategy=theirs, fill_value=-7.5 if name == "constant" else None,
                                       add_indicator=indicator, keep_empty_features=keep),
                         given, names=True,
                         # 1.2.1 cannot give back what it left out, nor sparse rows.
                         inverse=indicator and given in ("holes", "titanicNumbers"))
    case("imputer", {"missing": -1, "strategy": "median"},
         SimpleImputer(missing_values=-1, strategy="median"), "marked", inverse=False)
    for name, theirs in (("mostFrequent", "most_frequent"), ("constant", "constant")):
        case("imputer", {"strategy": name, "value": "unknown"},
             SimpleImputer(strategy=theirs, fill_value="unknown", missing_values=None), "titanicTexts",
             inverse=False)


def encoders():
    variants = [
        ({}, {}),
        ({"drop": "first"}, {"drop": "first"}),
        ({"drop": "ifBinary"}, {"drop": "if_binary"}),
        ({"unknown": "ignore"}, {"handle_unknown": "ignore"}),
        ({"minFrequency": 6}, {"min_frequency": 6}),
        ({"minFrequency": 0.2}, {"min_frequency": 0.2}),
        ({"maxCategories": 3}, {"max_categories": 3}),
        ({"maxCategories": 2, "drop": "first"}, {"max_categories": 2, "drop": "first"}),
        ({"minFrequency": 9, "drop": "ifBinary"}, {"min_frequency": 9, "drop": "if_binary"}),
        ({"minFrequency": 6, "unknown": "infrequent"},
         {"min_frequency": 6, "handle_unknown": "infrequent_if_exist"}),
        ({"unknown": "infrequent"}, {"handle_unknown": "infrequent_if_exist"}),
    ]
    for given, test in (("churnTexts", "churnUnseen"), ("codes", "codesUnseen")):
        for options, theirs in variants:
            for sparse in (False, True):
                case("oneHotEncoder", {**options, "sparse": sparse},
                     pp.OneHotEncoder(sparse_output=sparse, **theirs), given, names=True)
                if "unknown" in options:
                    case("oneHotEncoder", {**options, "sparse": sparse},
                         pp.OneHotEncoder(sparse_output=sparse, **theirs), given, test=test)
        case("ordinalEncoder", {}, pp.OrdinalEncoder(), given)
        case("ordinalEncoder", {"unknown": -1},
             pp.OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), given, test=test)
        case("ordinalEncoder", {"unknown": None},
             pp.OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan), given, test=test)
    case("oneHotEncoder", {"missing": "category"}, pp.OneHotEncoder(sparse_output=False), "titanicTexts")
    # 1.2.1 encodes None as a category: only NaN is missing.
    case("ordinalEncoder", {"missing": -1}, pp.OrdinalEncoder(encoded_missing_value=-1), "codesHoles")
    case("ordinalEncoder", {"missing": None}, pp.OrdinalEncoder(), "codesHoles")
    case("oneHotEncoder", {"categories": [["Spain", "Germany", "France", "Malta"], ["Male", "Female"]]},
         pp.OneHotEncoder(sparse_output=False,
                          categories=[["Spain", "Germany", "France", "Malta"], ["Male", "Female"]]), "churnTexts")
    for labels in (["no", "yes", "no"], [3, 1, 2, 1], [5, 5]):
        for low, high in ((0, 1), (-1, 2)):
            fitted = pp.LabelBinarizer(neg_label=low, pos_label=high).fit(labels)
            cases.append({"kind": "labelBinarizer", "options": {"negative": low, "positive": high},
                          "labels": labels, "out": plain(fitted.transform(labels).astype(float))})


def features():
    for given in ("narrow", "iris", "sparse"):
        for degree in (1, 2, 3):
            for only in (False, True):
                for bias in (True, False):
                    case("polynomialFeatures", {"degree": degree, "interactionOnly": only, "bias": bias},
                         pp.PolynomialFeatures(degree, interaction_only=only, include_bias=bias), given, names=True)
        case("polynomialFeatures", {"degree": [2, 3]}, pp.PolynomialFeatures((2, 3)), given, names=True)
    for given in ("random", "iris", "breast", "spam", "spamBins"):
        for strategy, ours in (("uniform", "uniform"), ("quantile", "quantile"), ("kmeans", "kMeans")):
            for encode, mine, sparse in (
                ("ordinal", "ordinal", False), ("onehot-dense", "oneHot", False), ("onehot", "oneHot", True),
            ):
                # Where a cluster is empty at first, rounding says in scikit-learn whether it goes to the
                # least or the greatest value; these columns are those for which it is the greatest.
                if strategy == "kmeans" and given == "spam":
                    continue
                # A bin of a constant column has no middle: scikit-learn gives NaN.
                fitted = pp.KBinsDiscretizer(4, encode=encode, strategy=strategy)
                case("discretizer", {"bins": 4, "strategy": ours, "encode": mine, "sparse": sparse}, fitted, given,
                     attributes={"edges": "bin_edges_"}, inverse=encode == "ordinal" and not given.startswith("spam"))
    case("discretizer", {"bins": [2, 3, 9, 4, 5]}, pp.KBinsDiscretizer([2, 3, 9, 4, 5], encode="ordinal"), "random",
         test="wider")
    attributes = {"mean": "mean_", "components": "components_", "explainedVariance": "explained_variance_",
                  "explainedVarianceRatio": "explained_variance_ratio_", "singularValues": "singular_values_",
                  "noiseVariance": "noise_variance_"}
    for given in ("random", "iris", "breast", "wide"):
        for components in (None, 1, 3, 0.5, 0.99):
            for whiten in (False, True):
                if given == "wide" and components is None and whiten:
                    continue  # the last component has no variance, which whitening blows up
                options = {"whiten": whiten} if components is None else {"whiten": whiten, "components": components}
                keep = attributes
                if given == "wide" and components is None:
                    keep = {k: v for k, v in attributes.items() if k != "components"}
                case("pca", options, PCA(components, whiten=whiten, svd_solver="full"), given, attributes=keep)


def selection():
    for given in ("random", "spam", "sparse", "holes"):
        for threshold in (0, 0.2):
            case("varianceThreshold", {"threshold": threshold}, fs.VarianceThreshold(threshold), given,
                 inverse=given != "holes")
    scores = (
        ("fClassification", fs.f_classif), ("fRegression", fs.f_regression), ("chi2", fs.chi2),
    )
    for given, label in (("iris", "irisLabels"), ("breastAll", "breastLabels"), ("spam", "spamLabels"),
                         ("sparse", "sparseLabels"), ("centred", "randomLabels")):
        y = labels[label]
        for name, score in scores:
            if name == "chi2" and given == "centred":
                continue
            if name == "fRegression":
                target = np.unique(y, return_inverse=True)[1].astype(float)
            else:
                target = y
            keep = {"scores": "scores_", "pValues": "pvalues_"}
            case("selectKBest", {"score": name, "k": 3}, fs.SelectKBest(score, k=3), given, y=target, attributes=keep)
            case("selectPercentile", {"score": name, "percentile": 40},
                 fs.SelectPercentile(score, percentile=40), given, y=target, attributes=keep)

    def discrete(x, y):
        return fs.mutual_info_classif(x, y, discrete_features=True)

    def continuous(x, y):
        return fs.mutual_info_classif(x, y, random_state=0)

    for given, label in (("iris", "irisLabels"), ("sparse", "sparseLabels")):
        case("selectKBest", {"score": "mutualInformation", "k": 2, "discrete": True},
             fs.SelectKBest(discrete, k=2), given, y=labels[label], attributes={"scores": "scores_"})
    case("selectKBest", {"score": "mutualInformation", "k": 2},
         fs.SelectKBest(continuous, k=2), "random", y=labels["randomLabels"], attributes={"scores": "scores_"})


TEXTS = [
    "The cat sat on the mat; the cat was fat.",
    "A dog barked at the cat, and the cat ran.",
    "Über Größe lässt sich streiten, café and naïve ideas too",
    "numbers 12 and 3.14, under_score and CamelCase",
    "Привет мир, the world   of\tspaces",
    "x y z",
    "dog dog dog cat",
]


def vectors():
    variants = [
        ({}, {}),
        ({"lowercase": False}, {"lowercase": False}),
        ({"ngrams": [1, 2]}, {"ngram_range": (1, 2)}),
        ({"ngrams": [2, 3]}, {"ngram_range": (2, 3)}),
        ({"minDf": 2}, {"min_df": 2}),
        ({"minDf": 0.3}, {"min_df": 0.3}),
        ({"maxDf": 2}, {"max_df": 2}),
        ({"maxDf": 0.4}, {"max_df": 0.4}),
        ({"stopWords": ["the", "and", "on"]}, {"stop_words": ["the", "and", "on"]}),
        ({"stopWords": ["the", "and"], "ngrams": [1, 2]}, {"stop_words": ["the", "and"], "ngram_range": (1, 2)}),
        ({"vocabulary": ["dog", "cat", "unheard"]}, {"vocabulary": ["dog", "cat", "unheard"]}),
        ({"binary": True}, {"binary": True}),
        ({"maxFeatures": 2}, {"max_features": 2}),
        ({"analyzer": "char", "ngrams": [2, 3]}, {"analyzer": "char", "ngram_range": (2, 3)}),
        ({"analyzer": "charInWords", "ngrams": [3, 5]}, {"analyzer": "char_wb", "ngram_range": (3, 5)}),
        ({"stripAccents": True}, {"strip_accents": "unicode"}),
        ({"tokenPattern": "[a-z]+"}, {"token_pattern": "[a-z]+"}),
    ]
    for options, theirs in variants:
        case("countVectorizer", options, CountVectorizer(**theirs), "texts", names=True, inverse=False)
        case("countVectorizer", options, CountVectorizer(**theirs), "texts", test="moreTexts", inverse=False)
        case("tfidfVectorizer", options, TfidfVectorizer(**theirs), "texts", test="moreTexts", inverse=False)
    for options, theirs in (
        ({"norm": "l1"}, {"norm": "l1"}), ({"norm": None}, {"norm": None}), ({"idf": False}, {"use_idf": False}),
        ({"smoothIdf": False}, {"smooth_idf": False}), ({"sublinear": True}, {"sublinear_tf": True}),
    ):
        case("tfidfVectorizer", options, TfidfVectorizer(**theirs), "texts", names=True, inverse=False)


folder = sys.argv[sys.argv.index("--data") + 1] if "--data" in sys.argv else os.path.join(HERE, "../../../shared/data/tabular")
samples(folder)
iris, breast = table("iris.csv"), table("breast-cancer-wisconsin.csv")
titanic, churn = table("titanic.csv"), table("churn.csv")
spam = np.loadtxt(os.path.join(SAMPLES, "spambase.data"))

random = np.round(rng.standard_normal((40, 5)) * [1, 5, 0.1, 100, 1] + [0, 3, 7, -50, 1000], 4)
holes = random.copy()
holes[rng.random(holes.shape) < 0.15] = np.nan
holes[:, 2] = 4.25
empty = holes.copy()
empty[:, 1] = np.nan
sparse = sp.random(30, 6, 0.3, "csr", random_state=1)
sparse.data = np.round(sparse.data * 9 + 1)
gaps = sp.random(30, 6, 0.4, "csr", random_state=2)
gaps.data = np.round(gaps.data * 9 - 3, 2)
gaps.data[::7] = np.nan
column = sp.csr_matrix(np.full((30, 1), np.nan))
codes = rng.integers(0, 5, (40, 3)).astype(float)
marked = np.where(np.isnan(holes), -1, holes)
codes_holes = codes.copy()
codes_holes[::7] = np.nan
inputs.update({
    # scikit-learn's F loses half of the digits where the mean is a thousand times the deviation.
    "centred": (np.round(random - random.mean(axis=0), 4),),
    "codesHoles": (codes_holes,),
    "random": (random,),
    "wider": (random * 1.5 + 0.1,),
    "holes": (holes,),
    "holesEmpty": (empty,),
    "marked": (marked,),
    "large": (np.round(rng.standard_normal((25, 3)), 3) + 1e7,),
    "narrow": (random[:8, [0, 1, 4]],),
    "wide": (np.round(rng.standard_normal((7, 20)), 3),),
    "iris": (numbers(iris, ["PetalWidth", "PetalLength", "SepalWidth", "SepalLength"]),),
    "breast": (numbers(breast, list(breast)[2:10]),),
    "breastAll": (numbers(breast, list(breast)[2:22]),),
    "spam": (spam[:, [0, 4, 20, 45, 54, 56]],),
    "spamBins": (spam[:, [0, 54, 56]],),
    "titanicNumbers": (numbers(titanic, ["age", "fare", "body", "parch"]),),
    "titanicTexts": (texts(titanic, ["embarked", "boat", "sex"]),),
    "churnTexts": (texts(churn, ["Geography", "Gender"]),),
    "churnUnseen": (np.array([["Italy", "Male"], ["Spain", "Other"], ["France", "Female"]], dtype=object),),
    "codes": (codes,),
    "codesUnseen": (np.array([[0, 9, 2], [7, 1, 1]], dtype=float),),
    "sparse": (sparse,),
    "sparseHoles": (gaps,),
    "sparseEmpty": (sp.hstack([gaps[:, :2], column, gaps[:, 2:]]).tocsr(),),
    "texts": (TEXTS,),
    "moreTexts": (["the dog and a zebra", "", "CAT mat cat", "Größe café"],),
})
labels = {
    "irisLabels": np.array(iris["Type"]),
    "breastLabels": np.array(breast["diagnosis"]),
    "spamLabels": spam[:, 57],
    "sparseLabels": rng.integers(0, 3, 30),
    "randomLabels": rng.integers(0, 3, 40),
}

scalers()
imputers()
encoders()
features()
selection()
vectors()



def composed():
    """A whole preparation of the sample of titanic, from its file."""
    from sklearn.compose import ColumnTransformer
    from sklearn.feature_selection import SelectFromModel
    from sklearn.linear_model import Ridge
    from sklearn.pipeline import make_pipeline

    columns = table("titanic.csv")
    left = numbers(columns, ["age", "fare", "parch"])
    right = texts(columns, ["sex", "embarked"])
    x = np.hstack([left.astype(object), right])
    prepare = ColumnTransformer([
        ("numbers", make_pipeline(SimpleImputer(strategy="median", add_indicator=True), pp.StandardScaler()), [0, 1, 2]),
        ("words", make_pipeline(SimpleImputer(strategy="most_frequent", missing_values=None),
                                pp.OneHotEncoder(handle_unknown="ignore", sparse_output=False)), [3, 4]),
    ])
    y = np.array([float(v) for v in columns["survived"]])
    out = prepare.fit_transform(x)
    model = Ridge(1.0).fit(out, y)
    chosen = SelectFromModel(Ridge(1.0), threshold="0.5*mean").fit(out, y)
    return {"out": plain(out), "coefficients": plain(model.coef_), "y": plain(y),
            "kept": plain(np.flatnonzero(chosen.get_support())), "threshold": float(chosen.threshold_)}


MADE = {
    "script": "scripts/golden/preprocessing.py",
    "python": platform.python_version(),
    "numpy": np.__version__,
    "scipy": scipy.__version__,
    "scikit-learn": sklearn.__version__,
}
with open(os.path.join(OUT, "preprocessing.json"), "w") as file:
    write = lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    file.write('{"made":' + write(MADE) + ',\n"inputs":{\n')
    file.write(",\n".join(write(name) + ":" + write(plain(x)) for name, (x,) in inputs.items()))
    file.write('\n},\n"cases":[\n' + ",\n".join(map(write, cases)) + "\n],\n\"composed\":" + write(composed()) + "}\n")
print(len(cases), "cases")
