//! From our own SVG to PNG, twice the size for screens that have the points. Text is drawn with the embedded fonts alone, so
//! that the bytes depend on nothing but the drawing. Deliberately absent: drawing (`trend_picture`, `backtest_picture`),
//! pictures that come from outside.

use std::sync::{Arc, OnceLock};

use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{Options, Tree, fontdb::Database},
};

use super::error::TemplateError;

/// Pixels for each unit of the drawing.
const SCALE: u32 = 2;
/// No drawing of ours is wider or higher; 16 megapixels at most are painted.
const MOST: f32 = 2_048.0;
/// The only family there is.
const FAMILY: &str = "DejaVu Sans";

static FONTS: OnceLock<Arc<Database>> = OnceLock::new();

fn fonts() -> Arc<Database> {
    let load = || {
        let mut fonts = Database::new();
        fonts.load_font_data(include_bytes!("../../assets/fonts/DejaVuSans-subset.ttf").to_vec());
        fonts.load_font_data(include_bytes!("../../assets/fonts/DejaVuSans-Bold-subset.ttf").to_vec());
        fonts.set_sans_serif_family(FAMILY);
        fonts.set_serif_family(FAMILY);
        fonts.set_monospace_family(FAMILY);
        Arc::new(fonts)
    };
    Arc::clone(FONTS.get_or_init(load))
}

/// The drawing as PNG.
pub fn png(svg: &str) -> Result<Vec<u8>, TemplateError> {
    let wrong = |cause: String| TemplateError::Attachment(cause);
    let options = Options { font_family: FAMILY.to_owned(), fontdb: fonts(), ..Options::default() };
    let tree = Tree::from_str(svg, &options).map_err(|e| wrong(e.to_string()))?;
    let size = tree.size();
    if size.width() > MOST || size.height() > MOST {
        return Err(wrong(format!("a picture of {} x {} is too large", size.width(), size.height())));
    }
    let size = size.to_int_size();
    let mut pixels = Pixmap::new(size.width() * SCALE, size.height() * SCALE)
        .ok_or_else(|| wrong("a picture without size".to_owned()))?;
    resvg::render(&tree, Transform::from_scale(SCALE as f32, SCALE as f32), &mut pixels.as_mut());
    pixels.encode_png().map_err(|e| wrong(e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(word: &str) -> Vec<u8> {
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"120\" height=\"24\"><text x=\"2\" y=\"18\" font-size=\"16\" \
             font-family=\"Arial, sans-serif\">{word}</text></svg>"
        );
        png(&svg).expect("a picture")
    }

    #[test]
    fn cyrillic_and_signs_of_amounts_have_shapes_of_their_own() {
        let empty = text(" ");
        let mut seen: Vec<Vec<u8>> = vec![empty];
        for word in ["Ж", "ё", "₽", "▲", "−", "№", "%", "«"] {
            let drawn = text(word);
            assert!(!seen.contains(&drawn), "{word} looks like another sign or like nothing");
            seen.push(drawn);
        }
        assert_eq!(text("94 %"), text("94 %"));
    }

    #[test]
    fn what_is_no_drawing_or_too_large_is_refused() {
        assert!(png("<svg").is_err());
        assert!(png("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9000\" height=\"9000\"/>").is_err());
    }
}
