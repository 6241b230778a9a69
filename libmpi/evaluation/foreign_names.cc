// SPDX-License-Identifier: Apache-2.0
// Names of foreign residents by nationality: usual names, combined at random.
#include <iterator>
#include <span>
#include <string_view>

#include "libmpi/evaluation/name_pool.h"

namespace libmpi {
namespace {

struct Part {
  std::string_view latin;
  std::string_view kana;
  std::string_view kanji = "";
};

constexpr Part kVietFamily[] = {{"NGUYEN", "グエン"}, {"TRAN", "チャン"},  {"LE", "レ"},
                                {"PHAM", "ファム"},   {"HOANG", "ホアン"}, {"VU", "ヴー"},
                                {"DANG", "ダン"},     {"BUI", "ブイ"},     {"DO", "ドー"},
                                {"NGO", "ゴー"}};
constexpr Part kVietMale[] = {{"VAN HUNG", "ヴァン フン"}, {"MINH DUC", "ミン ドゥック"},
                              {"VAN NAM", "ヴァン ナム"},  {"QUANG HUY", "クアン フイ"},
                              {"DUC ANH", "ドゥック アン"}, {"VAN TUAN", "ヴァン トゥアン"},
                              {"XUAN TRUONG", "スアン チュオン"}, {"THANH TUNG", "タイン トゥン"},
                              {"VAN DUNG", "ヴァン ズン"}, {"HOANG LONG", "ホアン ロン"}};
constexpr Part kVietFemale[] = {{"THI HOA", "ティ ホア"},   {"THI LAN", "ティ ラン"},
                                {"VAN ANH", "ヴァン アイン"}, {"THI MAI", "ティ マイ"},
                                {"THI THU", "ティ トゥ"},   {"NGOC ANH", "ゴック アイン"},
                                {"THI HUONG", "ティ フオン"}, {"THI LINH", "ティ リン"},
                                {"PHUONG THAO", "フオン タオ"}, {"THI TRANG", "ティ チャン"}};
constexpr Part kChinaFamily[] = {{"WANG", "ワン", "王"},  {"LI", "リ", "李"},     {"ZHANG", "チョウ", "張"},
                                 {"LIU", "リュウ", "劉"}, {"CHEN", "チン", "陳"}, {"YANG", "ヨウ", "楊"},
                                 {"ZHAO", "チョウ", "趙"}, {"HUANG", "コウ", "黄"}, {"ZHOU", "シュウ", "周"},
                                 {"WU", "ゴ", "呉"},      {"XU", "ジョ", "徐"},   {"SUN", "ソン", "孫"}};
constexpr Part kChinaMale[] = {{"WEI", "ウェイ", "偉"},   {"QIANG", "キョウ", "強"}, {"LEI", "ライ", "磊"},
                               {"JUN", "グン", "軍"},     {"YANG", "ヨウ", "洋"},   {"YONG", "ユウ", "勇"},
                               {"JIE", "ケツ", "傑"},     {"TAO", "トウ", "濤"},    {"HAO", "コウ", "浩"},
                               {"ZHIQIANG", "シキョウ", "志強"}, {"JIANHUA", "ケンカ", "建華"}};
constexpr Part kChinaFemale[] = {{"FANG", "ホウ", "芳"},  {"NA", "ナ", "娜"},      {"MIN", "ビン", "敏"},
                                 {"JING", "セイ", "静"},  {"LI", "レイ", "麗"},    {"YAN", "エン", "艶"},
                                 {"XIULAN", "シュウラン", "秀蘭"}, {"GUIYING", "ケイエイ", "桂英"},
                                 {"XIAOYAN", "ショウエン", "暁燕"}, {"TING", "テイ", "婷"}};
constexpr Part kKoreaFamily[] = {{"KIM", "キム", "金"},  {"LEE", "イ", "李"},    {"PARK", "パク", "朴"},
                                 {"CHOI", "チェ", "崔"}, {"JUNG", "チョン", "鄭"}, {"KANG", "カン", "姜"},
                                 {"CHO", "チョ", "趙"},  {"YUN", "ユン", "尹"}};
constexpr Part kKoreaMale[] = {{"MINSU", "ミンス", "民洙"},   {"JIHOON", "ジフン", "志勲"},
                               {"YOUNGHO", "ヨンホ", "永浩"}, {"SUNGMIN", "ソンミン", "成民"},
                               {"JAEHYUN", "ジェヒョン", "在賢"}, {"DONGHYUN", "ドンヒョン", "東賢"},
                               {"SANGWOO", "サンウ", "相宇"}};
constexpr Part kKoreaFemale[] = {{"JIYEON", "ジヨン", "智妍"}, {"MINJI", "ミンジ", "敏智"},
                                 {"YOUNGHEE", "ヨンヒ", "英姫"}, {"SOYEON", "ソヨン", "素妍"},
                                 {"HYUNJUNG", "ヒョンジョン", "賢貞"}, {"EUNJI", "ウンジ", "恩智"},
                                 {"SUNHEE", "スンヒ", "順姫"}};
constexpr Part kPhilFamily[] = {{"SANTOS", "サントス"}, {"REYES", "レイエス"},    {"CRUZ", "クルス"},
                                {"BAUTISTA", "バウティスタ"}, {"GARCIA", "ガルシア"}, {"MENDOZA", "メンドーサ"},
                                {"DELA CRUZ", "デラ クルス"}, {"RAMOS", "ラモス"},  {"AQUINO", "アキノ"}};
constexpr Part kPhilMale[] = {{"JOSE", "ホセ"},          {"MARK ANTHONY", "マーク アンソニー"},
                              {"JOHN PAUL", "ジョン ポール"}, {"MICHAEL", "マイケル"},
                              {"ANGELO", "アンジェロ"},  {"JERICHO", "ジェリコ"}};
constexpr Part kPhilFemale[] = {{"MARIA", "マリア"},       {"ANA LIZA", "アナ リザ"},
                                {"MARY JANE", "メアリー ジェーン"}, {"ROSE ANN", "ローズ アン"},
                                {"CRISTINA", "クリスティナ"}, {"MARICEL", "マリセル"},
                                {"JENNIFER", "ジェニファー"}, {"LORNA", "ローナ"}};
constexpr Part kNepalFamily[] = {{"SHRESTHA", "シュレスタ"}, {"GURUNG", "グルン"}, {"TAMANG", "タマン"},
                                 {"RAI", "ライ"},           {"THAPA", "タパ"},    {"ADHIKARI", "アディカリ"},
                                 {"KARKI", "カルキ"}};
constexpr Part kNepalMale[] = {{"RAM", "ラム"},        {"BIKASH", "ビカス"},  {"SURESH", "スレス"},
                               {"KRISHNA", "クリシュナ"}, {"RAJ KUMAR", "ラジ クマール"}, {"DIPAK", "ディパク"}};
constexpr Part kNepalFemale[] = {{"SITA", "シタ"},     {"SUNITA", "スニタ"},  {"ANITA", "アニタ"},
                                 {"GITA", "ギタ"},     {"MAYA", "マヤ"},      {"SARITA", "サリタ"}};
constexpr Part kBrazilFamily[] = {{"SILVA", "シルバ"},   {"SANTOS", "サントス"}, {"OLIVEIRA", "オリベイラ"},
                                  {"SUZUKI", "スズキ"},  {"TANAKA", "タナカ"},   {"DA SILVA", "ダ シルバ"},
                                  {"YAMAMOTO", "ヤマモト"}, {"PEREIRA", "ペレイラ"}};
constexpr Part kBrazilMale[] = {{"CARLOS", "カルロス"},  {"LUCAS", "ルーカス"},  {"MARCOS EIJI", "マルコス エイジ"},
                                {"PAULO HENRIQUE", "パウロ エンリケ"}, {"FABIO", "ファビオ"}, {"DIEGO", "ディエゴ"}};
constexpr Part kBrazilFemale[] = {{"ANA PAULA", "アナ パウラ"}, {"JULIANA", "ジュリアナ"},
                                  {"FERNANDA", "フェルナンダ"}, {"MARIA EDUARDA", "マリア エドゥアルダ"},
                                  {"PATRICIA", "パトリシア"},   {"AKEMI", "アケミ"}};
constexpr Part kWestFamily[] = {{"SMITH", "スミス"},  {"BROWN", "ブラウン"}, {"JOHNSON", "ジョンソン"},
                                {"WILLIAMS", "ウィリアムズ"}, {"MILLER", "ミラー"}, {"MARTIN", "マーティン"},
                                {"WILSON", "ウィルソン"}, {"O'BRIEN", "オブライエン"}, {"TAYLOR", "テイラー"}};
constexpr Part kWestMale[] = {{"JOHN", "ジョン"},     {"DAVID JAMES", "デイビッド ジェームズ"},
                              {"MICHAEL", "マイケル"}, {"ROBERT LEE", "ロバート リー"},
                              {"THOMAS", "トーマス"}, {"CHRISTOPHER", "クリストファー"}};
constexpr Part kWestFemale[] = {{"EMILY", "エミリー"}, {"SARAH ANN", "サラ アン"}, {"JESSICA", "ジェシカ"},
                                {"ELIZABETH", "エリザベス"}, {"LAURA", "ローラ"}, {"KATHERINE", "キャサリン"}};
constexpr Part kIndonesiaFamily[] = {{"WIJAYA", "ウィジャヤ"}, {"SANTOSO", "サントソ"}, {"HIDAYAT", "ヒダヤット"},
                                     {"PRATAMA", "プラタマ"},  {"SETIAWAN", "セティアワン"},
                                     {"NUGROHO", "ヌグロホ"}};
constexpr Part kIndonesiaMale[] = {{"BUDI", "ブディ"},  {"AGUS", "アグス"}, {"MUHAMMAD RIZKI", "ムハンマド リズキ"},
                                   {"ANDI", "アンディ"}, {"DEDI", "デディ"}};
constexpr Part kIndonesiaFemale[] = {{"SITI", "シティ"}, {"DEWI", "デウィ"}, {"NUR AINI", "ヌル アイニ"},
                                     {"SRI", "スリ"},   {"PUTRI", "プトリ"}};

struct Nation {
  int per_cent;  // of the foreign residents
  std::span<const Part> family, male, female;
};
constexpr Nation kNations[kNationalities] = {
    {24, kChinaFamily, kChinaMale, kChinaFemale},
    {20, kVietFamily, kVietMale, kVietFemale},
    {15, kKoreaFamily, kKoreaMale, kKoreaFemale},
    {11, kPhilFamily, kPhilMale, kPhilFemale},
    {10, kNepalFamily, kNepalMale, kNepalFemale},
    {8, kBrazilFamily, kBrazilMale, kBrazilFemale},
    {6, kIndonesiaFamily, kIndonesiaMale, kIndonesiaFemale},
    {6, kWestFamily, kWestMale, kWestFemale}};

}  // namespace

int DrawNationality(Random* random) {
  int x = random->Between(0, 99);
  for (int n = 0; n < kNationalities; ++n)
    if ((x -= kNations[n].per_cent) < 0) return n;
  return 0;
}

ForeignName DrawForeignName(int nationality, bool female, const ForeignName* father,
                            Random* random) {
  const Nation& nation = kNations[nationality];
  const Part& family = random->Pick(nation.family);
  const Part& given = random->Pick(female ? nation.female : nation.male);
  ForeignName name{std::string(family.latin), std::string(given.latin), std::string(family.kana),
                   std::string(given.kana), std::string(family.kanji), std::string(given.kanji)};
  // A second given name, where it is usual: without it the few names here would repeat too much.
  if (given.kanji.empty() && given.latin.find(' ') == given.latin.npos && random->Chance(0.5)) {
    const Part& second = random->Pick(female ? nation.female : nation.male);
    if (second.latin != given.latin) {
      name.given += " " + std::string(second.latin);
      name.given_kana += " " + std::string(second.kana);
    }
  } else if (!given.kanji.empty() && given.latin.size() < 5 && random->Chance(0.5)) {
    const Part& second = random->Pick(female ? nation.female : nation.male);
    name.given += std::string(second.latin);
    name.given_kana += std::string(second.kana);
    name.given_kanji += std::string(second.kanji);
  }
  if (father != nullptr) {
    name.family = father->family;
    name.family_kana = father->family_kana;
    name.family_kanji = father->family_kanji;
  }
  return name;
}

}  // namespace libmpi
